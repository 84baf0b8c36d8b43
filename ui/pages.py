"""Every page; importing this registers them."""

import ui.claims.detail
import ui.claims.entry
import ui.claims.listing
import ui.claims.versions
import ui.clientele.clients
import ui.clientele.connections
import ui.clientele.enrolment
import ui.clientele.enrolment_rules
import ui.clientele.enrolments
import ui.clientele.fee_schedules
import ui.clientele.patients
import ui.clientele.payers
import ui.clientele.providers
import ui.denials.appeal
import ui.denials.listing
import ui.denials.playbooks
import ui.denials.tables
import ui.edi.batch
import ui.edi.files
import ui.edi.submission_times
import ui.edi.submissions
import ui.edi.viewer
import ui.insight.duplicates
import ui.insight.likely_denials
import ui.insight.overview
import ui.insight.payer
import ui.insight.payers
import ui.insight.underpayments
import ui.remittances.detail
import ui.remittances.listing
import ui.tenancy.people
import ui.tenancy.roles
import ui.tenancy.settings
import ui.work.queue  # noqa: F401
