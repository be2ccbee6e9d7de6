"""The pages, one file each: `add_to(app, room)` declares the routes of a page, each with its policy."""

from console.pages import account, away, held, log_call, my_actions, people, queue, rules, sign_in
from console.pages.cases import acts, files, inquiry, parties, several, showing

CASE = (showing, acts, parties, inquiry, several, files)
ALL = tuple(page.add_to for page in (sign_in, account, queue, my_actions, *CASE, log_call, held, away, rules, people))
