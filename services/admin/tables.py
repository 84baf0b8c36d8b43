"""Which tables the admin shows, to whom, and which are hidden on purpose with the reason."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

from piccolo.columns import Column
from piccolo.table import Table, create_table_class
from piccolo_admin.endpoints import OrderBy, TableConfig

from database.claims import ClaimRow
from database.edi import AcknowledgementRow, EdiBatchRow, EdiFileRow
from database.engine import ENGINE
from database.remittances import LedgerEntryRow, RemittanceClaimRow, RemittanceRow
from database.tenancy import AuditRow, MembershipRow, RoleRow
from database.work import WorkItemEventRow, WorkItemRow
from policies.permissions import Permission
from services.admin import forms
from services.admin.checking import hooks_for


@dataclass(frozen=True, slots=True)
class Shown:
    """A table in the admin: what its reader must hold, whether it may be written, whether reads show PHI."""

    table: type[Table]
    permission: Permission
    group: str
    writable: bool = False
    phi: bool = False
    columns: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The table's name in the database and in addresses."""
        return self.table._meta.tablename

    def config(self) -> TableConfig:
        """What Piccolo Admin is told."""
        every = [column._meta.name for column in self.table._meta.columns]
        visible = [self.table._meta.get_column_by_name(name) for name in self.columns or every]
        return TableConfig(
            table_class=self.table,
            visible_columns=visible,
            link_column=visible[0],
            # Ids grow with time: processes show the newest first, master data goes by name.
            order_by=[OrderBy(column=visible[0], ascending=self.writable)],
            menu_group=self.group,
            hooks=hooks_for(self.table) if self.writable else None,
        )


def _mirror(table: type[Table], names: Sequence[str]) -> type[Table]:
    """The table with these columns only: what is left out cannot be asked for. The first one identifies a row."""
    members: dict[str, Column] = {}
    for name in names:
        column = deepcopy(table._meta.get_column_by_name(name))
        members[name] = column
    return create_table_class(
        f"{table.__name__}Seen",
        class_kwargs={"tablename": table._meta.tablename, "db": ENGINE},
        class_members=members,
    )


def _seen(table: type[Table], permission: Permission, group: str, names: str, *, phi: bool = False) -> Shown:
    return Shown(_mirror(table, names.split()), permission, group, phi=phi)


_MASTER, _PROCESS, _TENANT = "Master data", "Processes (read-only)", "Tenant (read-only)"

SHOWN: dict[str, Shown] = {
    shown.name: shown
    for shown in (
        Shown(
            forms.ClientForm,
            Permission.CLIENTS_MANAGE,
            _MASTER,
            writable=True,
            columns=("name", "npi", "tax_id", "city", "state", "active"),
        ),
        Shown(
            forms.ProviderForm,
            Permission.CLIENTS_MANAGE,
            _MASTER,
            writable=True,
            columns=("last_name", "first_name", "npi", "taxonomy", "client_id", "active"),
        ),
        Shown(
            forms.PayerForm,
            Permission.CLIENTS_MANAGE,
            _MASTER,
            writable=True,
            columns=(
                "name",
                "payer_id",
                "claim_filing_code",
                "timely_filing_days",
                "connection_id",
                "active",
            ),
        ),
        Shown(
            forms.FeeScheduleForm,
            Permission.CLIENTS_MANAGE,
            _MASTER,
            writable=True,
            columns=("name", "effective_from", "payer_id", "active"),
        ),
        Shown(
            forms.FeeScheduleLineForm,
            Permission.CLIENTS_MANAGE,
            _MASTER,
            writable=True,
            columns=("procedure", "modifier", "amount_cents", "fee_schedule_id"),
        ),
        Shown(
            forms.ConnectionForm,
            Permission.CONNECTIONS_MANAGE,
            _MASTER,
            writable=True,
            columns=("name", "host", "port", "username", "usage_indicator", "active"),
        ),
        _seen(
            ClaimRow,
            Permission.CLAIMS_VIEW,
            _PROCESS,
            "id reference client_id payer_id status step current_version ack_999 ack_clearinghouse ack_payer"
            " payer_claim_control_number adjudications outcome charge_cents paid_cents adjusted_cents patient_cents"
            " service_from service_to released_at sent_at closed_at created_at updated_at",
            phi=True,
        ),
        _seen(
            EdiFileRow,
            Permission.EDI_VIEW,
            _PROCESS,
            "id connection_id direction kind remote_name size status reason created_at finished_at",
        ),
        _seen(
            EdiBatchRow,
            Permission.EDI_VIEW,
            _PROCESS,
            "id connection_id file_id status interchange_number group_number reference claim_count charge_cents"
            " remote_name created_at sent_at acknowledged_at",
        ),
        _seen(
            AcknowledgementRow,
            Permission.EDI_VIEW,
            _PROCESS,
            "id claim_id file_id batch_id kind sender verdict category status_code payer_claim_control_number at",
        ),
        _seen(
            RemittanceRow,
            Permission.REMITTANCES_VIEW,
            _PROCESS,
            "id file_id ordinal payer_name payer_identifier trace payment_date payment_cents method status"
            " claims_paid_cents provider_adjustment_cents claim_count created_at",
        ),
        _seen(
            RemittanceClaimRow,
            Permission.REMITTANCES_VIEW,
            _PROCESS,
            "id remittance_id ordinal claim_id matched_by claim_number status_code charge_cents paid_cents"
            " patient_cents payer_claim_control_number outcome",
            phi=True,
        ),
        _seen(
            LedgerEntryRow,
            Permission.REMITTANCES_VIEW,
            _PROCESS,
            "id posting_id claim_id account amount_cents posted_at",
            phi=True,
        ),
        _seen(
            WorkItemRow,
            Permission.WORK_ASSIGN,
            _PROCESS,
            "id kind title priority status owner_id start_by due_at follow_up_at decision created_at taken_at finished_at",
        ),
        _seen(WorkItemEventRow, Permission.WORK_ASSIGN, _PROCESS, "id work_item_id at actor_name kind"),
        _seen(
            AuditRow,
            Permission.AUDIT_VIEW,
            _TENANT,
            "seq at actor_id actor_kind action subject_type subject_id outcome phi",
        ),
        _seen(RoleRow, Permission.ROLES_MANAGE, _TENANT, "id name description built_in version"),
        _seen(MembershipRow, Permission.USERS_MANAGE, _TENANT, "id user_id status job_title created_at"),
    )
}

# Whoever may write something here may come in; the tables above then ask for their own permission.
ENTRY = frozenset(str(shown.permission) for shown in SHOWN.values() if shown.writable)
