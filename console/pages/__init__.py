"""The pages, one file each: `add_to(app, room)` declares the routes of a page, each with its policy."""

from console.pages import account, acts, away, case, files, held, log_call, people, queue, rules, sign_in

ALL = tuple(page.add_to for page in (sign_in, account, queue, case, acts, files, log_call, held, away, rules, people))
