-- A batch's id comes from its process and tells nothing of when: the newest are found by their time.
DROP INDEX edi_batches_newest;
CREATE INDEX edi_batches_newest ON edi_batches (tenant_id, created_at DESC, id DESC);
