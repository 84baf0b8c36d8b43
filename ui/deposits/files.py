"""Bank files: chosen or pasted, previewed with their columns and faults, and taken in whole."""

from domain.deposits.bank_csv import FIELDS
from domain.paging import Page as Rows
from domain.refusals import Refusal
from policies.permissions import Permission as P
from services.deposits import accounts, files
from services.deposits.views import BankAccount, BankFileLine, BankFileRow, BankFileView
from ui.deposits.shared import deposit_tabs
from ui.page import Event, Page, identifier, page
from ui.parts import table
from ui.parts.buttons import action, submit
from ui.parts.cards import card, head
from ui.parts.chips import chip, code_text
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field, long_text
from ui.parts.markup import Child, Markup, a, div, form, input_, label, li, p, span, ul
from ui.parts.money import amount, dollars
from ui.parts.states import empty, notice
from ui.parts.table import Column
from ui.parts.times import ago, day

_LOOKS = {
    "draft": ("To be taken in", "warn"),
    "taken": ("Taken in", "ok"),
    "discarded": ("Put away", "neutral"),
}


@page("/deposits/files")
class BankFiles(Page):
    """The bank files, newest first."""

    title = "Bank files"
    nav = "deposits"
    permission = P.DEPOSITS_VIEW
    watches = frozenset({"deposit_imports"})

    found: Rows[BankFileLine]
    accounts: list[BankAccount]

    async def load(self) -> None:
        self.accounts = await accounts.list_accounts(self.actor)
        self.found = await files.list_bank_files(self.actor, cursor=self.query.get("after"))

    def body(self) -> Markup:
        return div(head("Deposits", *self._bring()), deposit_tabs("/deposits/files"), self._list())

    def _bring(self) -> tuple[Child, ...]:
        known = [one for one in self.accounts if one.active]
        if not self.may(P.DEPOSITS_MANAGE) or not known:
            return ()
        boxes = [
            label(
                f"Choose a file for {one.name}" if len(known) > 1 else "Choose a file",
                input_(
                    type="file",
                    cls="sr",
                    data_upload="/upload/bank",
                    data_account=str(one.id),
                    accept=".csv,.txt,.bai,.bai2,.tsv",
                ),
                cls="button",
            )
            for one in known[:4]
        ]
        return (*boxes, action("Paste", "ask_paste", key="p"))

    def _list(self) -> Markup:
        if not self.accounts:
            return empty(
                "No bank account yet.", "Add the account under Accounts; its files are taken in here."
            )
        if not self.found.items:
            return empty(
                "No bank files yet.",
                "Choose a CSV export or a BAI2 file of the bank. It is shown first; nothing is taken in before you say so.",
            )
        columns = [
            Column[BankFileLine](
                "File", lambda one: a(one.name, href=f"/deposits/files/{one.id}"), "clip wide"
            ),
            Column[BankFileLine]("", lambda one: chip(*_LOOKS[one.status]), "tight"),
            Column[BankFileLine]("Format", lambda one: one.format.upper(), "tight"),
            Column[BankFileLine]("Account", lambda one: one.account_name, "clip"),
            Column[BankFileLine]("New", lambda one: str(one.added), "right"),
            Column[BankFileLine]("Known before", lambda one: str(one.known), "right"),
            Column[BankFileLine]("When", lambda one: ago(one.created_at, self.zone), "right tight"),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"/deposits/files/{one.id}",
                key=lambda one: one.id,
                label="Bank files",
            ),
            table.pager("/deposits/files", self.query, self.found.next, len(self.found.items)),
        )

    async def do_ask_paste(self, event: Event) -> None:
        """Ask for rows copied from a spreadsheet or a bank's page."""
        known = [(str(one.id), one.name) for one in self.accounts if one.active]
        first = known[0][0] if known else ""
        self.dialog = form_window(
            "Paste a bank's rows",
            "paste",
            "Look at it",
            div(
                choice("account_id", "Account", known, first, required=True, errors=self.errors),
                field("name", "Name", "pasted rows", errors=self.errors),
                cls="fields",
            ),
            long_text(
                "text",
                "Rows with their heading",
                rows=10,
                required=True,
                errors=self.errors,
                hint="columns by tab, comma or semicolon; a BAI2 file works as well",
                autofocus=True,
            ),
            look="large",
        )

    async def do_paste(self, event: Event) -> None:
        """Keep the rows as a draft and show them."""
        text = event.fields.get("text", "")
        rows = text if isinstance(text, str) else ""
        account_id = identifier(event.text("account_id"))
        made = await files.stage_bank_file(self.actor, account_id, event.text("name"), rows)
        await self.do_close_dialog(event)
        self.go(f"/deposits/files/{made.line.id}")


@page("/deposits/files/{import_id}")
class BankFile(Page):
    """One bank file before and after it was taken in."""

    title = "Bank file"
    nav = "deposits"
    permission = P.DEPOSITS_VIEW
    watches = frozenset({"deposit_imports"})

    view: BankFileView

    async def load(self) -> None:
        self.view = await files.get_bank_file(self.actor, self.id("import_id"))

    def body(self) -> Markup:
        line = self.view.line
        return div(
            head(
                (line.name, " ", chip(*_LOOKS[line.status])),
                *self._actions(),
                under=span(f"{line.account_name}, {line.format.upper()}"),
                crumbs=(("Deposits", "/deposits"), ("Bank files", "/deposits/files")),
            ),
            self._verdict(),
            self._columns() if line.format == "csv" and line.status == "draft" else None,
            self._rows(),
        )

    def _actions(self) -> tuple[Child, ...]:
        if self.view.line.status != "draft" or not self.may(P.DEPOSITS_MANAGE):
            return ()
        put_away = action("Put away", "discard")
        if self.view.faults:
            return (put_away,)
        new = self.view.row_count - self.view.known_count
        return put_away, action(
            f"Take in {new:,} {'deposit' if new == 1 else 'deposits'}", "take_in", look="filled", key="t"
        )

    def _verdict(self) -> Markup:
        view = self.view
        if view.line.status == "taken":
            return notice(
                "ok", f"{view.line.added:,} deposits taken in.", f"{view.line.known:,} were there before."
            )
        if view.faults:
            named = ul([li(span(one.where, cls="mono"), " ", one.message) for one in view.faults[:20]])
            return notice("bad", f"{_things(len(view.faults))} not right; nothing can be taken in.", named)
        words = [f"{view.row_count:,} deposits of {dollars(view.total_cents)} in all."]
        if view.known_count:
            words.append(f"{view.known_count:,} are there already and stay as they are.")
        if view.withdrawals:
            words.append(f"{view.withdrawals:,} withdrawals are left out.")
        if view.other_accounts:
            words.append(f"{view.other_accounts} other accounts of the file are left out.")
        return notice("info", "Ready to be taken in.", " ".join(words))

    def _columns(self) -> Child:
        if not self.may(P.DEPOSITS_MANAGE):
            return None
        options = [
            (str(number), heading or f"Column {number + 1}")
            for number, heading in enumerate(self.view.headings)
        ]
        now = self.view.mapping
        choices = [
            choice(
                f"column_{name}",
                words,
                options,
                str(now[name]) if name in now else "",
                prompt="none",
                errors=self.errors,
            )
            for name, words in FIELDS.items()
        ]
        return card(
            "Columns",
            form(
                div(choices, cls="fields"),
                div(submit("Read again", look=""), style="margin-top: 12px"),
                data_do="map",
            ),
        )

    def _rows(self) -> Child:
        if not self.view.rows:
            return None
        columns = [
            Column[BankFileRow]("Day", lambda one: day(one.deposited_on), "tight"),
            Column[BankFileRow]("Kind", lambda one: one.method_label, "tight"),
            Column[BankFileRow]("Trace", lambda one: code_text(one.trace), "tight"),
            Column[BankFileRow]("From", lambda one: one.payer_name or one.description, "clip wide"),
            Column[BankFileRow]("", lambda one: one.known and chip("Known", "neutral"), "tight"),
            Column[BankFileRow]("Amount", lambda one: amount(one.amount_cents), "right"),
        ]
        more = self.view.row_count - len(self.view.rows)
        return card(
            "Deposits in the file",
            table.rows(columns, self.view.rows, label="Deposits in the file"),
            p(f"and {more:,} more.", cls="faint card-body") if more > 0 else None,
            look="flush",
        )

    async def do_map(self, event: Event) -> None:
        """Read the file by other columns."""
        typed = {name: event.text(f"column_{name}") for name in FIELDS}
        mapping = {
            name: int(text)
            for name, text in typed.items()
            if text.isascii() and text.isdigit() and len(text) < 5
        }
        try:
            await files.map_columns(self.actor, self.view.line.id, mapping)
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.tell("bad", refusal.title, " ".join(fault.message for fault in refusal.fields))

    async def do_take_in(self, event: Event) -> None:
        """Take in every deposit that is not there yet."""
        done = await files.take_in_bank_file(self.actor, self.view.line.id)
        self.tell("ok", f"{done.line.added:,} deposits taken in.", f"{done.line.known:,} were there before.")

    async def do_discard(self, event: Event) -> None:
        """Put the draft away."""
        await files.discard_bank_file(self.actor, self.view.line.id)
        self.go("/deposits/files")


def _things(count: int) -> str:
    return "One thing is" if count == 1 else f"{count} things are"
