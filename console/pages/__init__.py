"""The pages, one file each: `add_to(app, room)` declares the routes of a page, each with its policy."""

from console.pages import (
    access,
    account,
    approvals,
    asked,
    away,
    held,
    identities,
    log_call,
    model,
    my_actions,
    people,
    provider,
    queue,
    reviews,
    rules,
    sign_in,
    subjects,
    trail,
    vaults,
)
from console.pages.cases import acts, export, files, inquiry, parties, several, showing, sorting

CASE = (showing, acts, sorting, parties, inquiry, several, files, export)
TRUST = (reviews, subjects, asked, trail, approvals, identities, vaults, access, provider)
ALL = tuple(
    page.add_to
    for page in (sign_in, account, queue, my_actions, *CASE, log_call, held, away, rules, model, people, *TRUST)
)
