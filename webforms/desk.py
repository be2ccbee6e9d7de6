"""What every page works with: the site, its words, its templates, and the few answers all pages give."""

from collections.abc import Mapping
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, field
from pathlib import Path

from flask import Response, render_template, request
from werkzeug.exceptions import NotFound

from cases.errors import TryLater
from cases.keys.links import LinkReader
from gateway.design.sheets import stylesheet
from gateway.inbox.envelope import Delivery
from webforms.bodies import Posted, read_posted
from webforms.branding import Brand, brand_of
from webforms.definition import PublicForm
from webforms.expectations import Expectations
from webforms.forms import all_forms
from webforms.languages import Language, load_languages
from webforms.limiter import FailureLimiter
from webforms.site import Site
from webforms.tokens import FormTokens

STATIC = Path(__file__).parent / "static"
RETRY_SECONDS = "30"


@dataclass(frozen=True)
class Desk:
    """One site at work. Made once by `create_app`."""

    site: Site
    languages: Mapping[str, Language]
    forms: Mapping[str, PublicForm]
    tokens: FormTokens
    limiter: FailureLimiter
    asking: FailureLimiter
    expectations: Expectations
    brand: Brand
    stylesheet: bytes = field(repr=False)

    @classmethod
    def of(cls, site: Site) -> "Desk":
        """Everything loaded. Raises Refused when a language is unknown or incomplete, or the logo no picture."""
        brand = brand_of(site.organisation, site.home)
        return cls(
            site=site,
            languages=load_languages(site.web.languages),
            forms=all_forms(),
            tokens=FormTokens(site.form_key, site.now, site.random_bits, site.older_form_keys),
            limiter=FailureLimiter(site.web.wrong_receipts_per_minute, site.now),
            asking=FailureLimiter(site.web.link_requests_per_minute, site.now),
            expectations=Expectations(site.record.ruleset),
            brand=brand,
            stylesheet=stylesheet(STATIC / "site.css") + brand.css.encode(),
        )

    def language(self, code: str) -> Language:
        """The language of a path. Raises NotFound when it is not one of ours."""
        if code not in self.languages:
            raise NotFound
        return self.languages[code]

    def posted(self) -> Posted:
        """What this request posted."""
        return read_posted(request.environ, self.site.web.max_upload_bytes)

    def is_open(self, form: PublicForm) -> bool:
        """Whether a form takes anything now: the anonymous one needs people who can read what is sealed."""
        return not form.anonymous or self.site.anonymous_open()

    def page(self, template: str, language: Language, status: int = 200, **values: object) -> Response:
        """A page in a language.

        `here` (a path after the language) offers the same page in the others; with `form_id` the switch posts that form,
        so that nothing typed is lost and a page that only a POST shows comes back.
        """
        shared = {
            "lang": language,
            "say": language.say,
            "languages": self.languages.values(),
            "organisation": self.site.organisation,
            "brand": self.brand,
            "web": self.site.web,
            "forms": self.forms,
            "here": None,
            "form_id": None,
            "problems": {},
        }
        response = Response(render_template(template, **{**shared, **values}), status, mimetype="text/html")
        if status in {429, 503}:
            response.headers["Retry-After"] = RETRY_SECONDS
        return response

    def watch(self, reader: LinkReader) -> str:
        """Letters for the line that says whether there is news behind a link, or "" while the record cannot be asked."""
        try:
            pulse = self.site.record.pulse(reader.kind, reader.lookup)
        except TryLater:
            return ""
        return self.tokens.watch(reader.lookup, pulse.mark) if pulse else ""

    def store(self, delivery: Delivery, envelope_id: str) -> str:
        """Store a delivery and return its reference once it is on disk. Raises `TryLater`."""
        try:
            return self.site.inbox.put(delivery, envelope_id=envelope_id).result(self.site.web.store_seconds)
        except TookTooLong:
            raise TryLater("the inbox took too long") from None
