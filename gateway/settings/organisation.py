"""Settings of who runs this Heed, and whom people can turn to beside it."""

from pydantic import Field

from gateway.settings.section import Section


class Contact(Section):
    """Somebody whom people can turn to: in `heed.toml`, one `[[organisation.emergency]]` table each, for example."""

    name: str | dict[str, str] = Field(description="Who it is; a text, or a table of texts by language.")
    phone: str = Field("", description="Telephone number, as people dial it.")
    email: str = Field("", pattern=r"^([^\s@<>]+@[^\s@<>]+)?$", description="E-mail address.")
    url: str = Field("", pattern=r"^(https://[^\s\"<>]+)?$", description="Web page.")
    languages: tuple[str, ...] = Field((), description="Languages whose pages show it; empty: all.")

    def said(self, language: str) -> str:
        """The name in this language, else in the first one given."""
        if isinstance(self.name, str):
            return self.name
        return self.name.get(language) or next(iter(self.name.values()), "")


class Organisation(Section):
    """Who runs this Heed."""

    name: str = Field("Acme", description="The organisation's name, as people know it.")
    hr_address: str = Field("hr@acme.example", description="The HR alias; acknowledgements and replies come from it.")
    hr_name: str = Field("Acme HR", description="The name shown beside the HR alias.")
    language: str = Field(
        "en", description="Language of chat, and of mail where its reader's is not known: en, de, fr or es."
    )
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^/?#]+)?$",
        description="Where people reach the public site, such as https://speak.acme.example; status links lead there.",
    )
    directory_days: int = Field(
        35, ge=1, le=3660, description="After so many days the imported directory counts as stale, and Heed warns."
    )
    link_days: int = Field(
        90, ge=1, le=3650, description="Days that a link to a status page opens; after that it is renewed by mail."
    )
    logo: str = Field(
        "", description="Your logo for the public site: an SVG, PNG or WebP file, in the home or by its whole path."
    )
    colour: str = Field(
        "",
        pattern=r"^(#[0-9a-fA-F]{6})?$",
        description="Your colour for the public site, such as #14574c; made lighter or darker until text on it reads well.",
    )
    emergency: tuple[Contact, ...] = Field(
        (Contact(name={"en": "Emergency", "de": "Notruf", "fr": "Urgences", "es": "Emergencias"}, phone="112"),),
        description="Numbers to call in danger, shown on every public page and in urgent acknowledgements.",
    )
    authorities: tuple[Contact, ...] = Field(
        (),
        description="Authorities outside that people may turn to, as Directive (EU) 2019/1937, article 7, asks to say.",
    )
    contacts: tuple[Contact, ...] = Field((), description="Whom people may talk to instead of writing.")
