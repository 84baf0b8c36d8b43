"""Every activity by the task queue that runs it. An area adds its own here; the worker registers them all."""

from collections.abc import Callable
from typing import Any

from activities.approvals import deciding
from activities.approvals.effects import carry_out
from activities.balances import printing
from activities.care import (
    carrying,
    forecasting,
    month_claims,
    month_freezing,
    month_packets,
    month_patients,
    month_settling,
    month_starting,
    optimising,
)
from activities.care import enrolling as care
from activities.care.forecast_risks import ask_about_risks
from activities.claims import appealing, coordinating, following, handing, reopening, resending, scrubbing
from activities.clientele import enrolling, trying
from activities.denials import appealing as appeals
from activities.deposits import watching
from activities.edi import applying, fetching, gathering, sending
from activities.edi import watching as submissions
from activities.insight import learn_denials
from activities.notifications import gather_digest, give_up_digest, send_digest
from activities.quality import auditing
from activities.reassignment import moving
from activities.rules.simulating import simulate_portion
from activities.sheets import take_sheet_portion
from activities.tenancy import connection, onboarding, undoing
from activities.work_runs import act_on_portion
from activities.workforce import float_assigning as floating

ACTIVITIES: dict[str, list[Callable[..., Any]]] = {
    "core": [
        onboarding.reserve_address,
        onboarding.make_data_key,
        onboarding.seed_roles,
        onboarding.add_first_admin,
        onboarding.set_plan,
        onboarding.open_billing,
        connection.make_first_connection,
        onboarding.open_doors,
        enrolling.begin_enrolment,
        enrolling.advance_enrolment,
        enrolling.look_after_enrolment,
        enrolling.decide_enrolment,
        care.begin_care,
        care.advance_care,
        care.look_after_care,
        care.decide_care,
        month_freezing.freeze_month,
        month_freezing.next_patients,
        month_starting.begin_scheduled_close,
        month_patients.compute_patient,
        month_patients.report_patient,
        month_patients.decide_exception,
        month_packets.make_packet,
        month_claims.bill_patient,
        month_settling.settle_month,
        trying.prepare_trial,
        trying.upload_trial,
        trying.look_for_answers,
        trying.report_trial,
        trying.renew_trial,
        undoing.remove_first_connection,
        undoing.close_billing,
        undoing.remove_first_admin,
        undoing.remove_roles,
        undoing.destroy_data_key,
        undoing.give_back_address,
        scrubbing.scrub_claim,
        handing.hand_to_batch,
        resending.copy_for_resending,
        following.follow_up,
        following.look_for_silence,
        following.decide,
        following.end_claim,
        following.hold_claim,
        appealing.follow_appeal,
        reopening.reopen_claim,
        coordinating.bill_next_payer,
        appeals.begin_appeal,
        appeals.take_fact,
        appeals.read_remittance,
        appeals.ring,
        appeals.act_on_item,
        auditing.draw_sample,
        auditing.take_told,
        auditing.act_on_audit_item,
        auditing.ring_audit,
        floating.offer_float,
        floating.take_float_told,
        floating.act_on_offer,
        floating.ring_float,
        learn_denials,
        forecasting.begin_forecast,
        forecasting.gather_paces,
        forecasting.measure_forecast,
        forecasting.score_portion,
        ask_about_risks,
        gather_digest,
        send_digest,
        give_up_digest,
        act_on_portion,
        take_sheet_portion,
        simulate_portion,
        deciding.lay_before,
        deciding.take_decision,
        deciding.end_needless,
        deciding.pass_on,
        carry_out,
        carrying.take_roster_event,
        carrying.move_patients,
        optimising.optimise_rosters,
        optimising.give_up_optimising,
        moving.take_event,
        moving.move_portion,
        watching.look_at_deposits,
        printing.count_owing,
        printing.print_portion,
        printing.finish_run,
    ],
    "edi": [
        gathering.gather_batch,
        sending.send_batch,
        sending.record_sent,
        sending.report_send_failure,
        fetching.take_in_files,
        applying.apply_file,
        applying.report_not_applied,
        submissions.learn_answer_times,
        submissions.watch_filing_limits,
    ],
}
