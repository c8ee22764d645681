-- CreateTable
CREATE TABLE "directory_tenant" (
    "id" TEXT NOT NULL,
    "version" BIGINT NOT NULL DEFAULT 0,
    "refresh_started_at" TIMESTAMPTZ(3),
    "refreshed_at" TIMESTAMPTZ(3),

    CONSTRAINT "directory_tenant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory_delta" (
    "tenant_id" TEXT NOT NULL,
    "resource" TEXT NOT NULL,
    "link" TEXT,
    "complete" BOOLEAN NOT NULL,
    "round" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "selection" TEXT NOT NULL,

    CONSTRAINT "directory_delta_pkey" PRIMARY KEY ("tenant_id","resource")
);

-- CreateTable
CREATE TABLE "directory_object" (
    "tenant_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "presence" TEXT NOT NULL,
    "attributes" JSONB NOT NULL,
    "manager_id" TEXT,
    "generation" INTEGER NOT NULL,
    "version" BIGINT NOT NULL,

    CONSTRAINT "directory_object_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "directory_membership" (
    "tenant_id" TEXT NOT NULL,
    "group_id" TEXT NOT NULL,
    "member_id" TEXT NOT NULL,
    "member_type" TEXT NOT NULL,
    "present" BOOLEAN NOT NULL,
    "generation" INTEGER NOT NULL,
    "version" BIGINT NOT NULL,

    CONSTRAINT "directory_membership_pkey" PRIMARY KEY ("tenant_id","group_id","member_id")
);

-- CreateTable
CREATE TABLE "directory_service_principal" (
    "tenant_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "app_id" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "app_roles" JSONB NOT NULL,

    CONSTRAINT "directory_service_principal_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "directory_assignment" (
    "tenant_id" TEXT NOT NULL,
    "service_principal_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "principal_id" TEXT NOT NULL,
    "principal_type" TEXT NOT NULL,
    "app_role_id" TEXT NOT NULL,
    "present" BOOLEAN NOT NULL,
    "version" BIGINT NOT NULL,

    CONSTRAINT "directory_assignment_pkey" PRIMARY KEY ("tenant_id","service_principal_id","id")
);

-- CreateTable
CREATE TABLE "job" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "service_principal_id" TEXT NOT NULL,
    "template_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "schedule_state" TEXT NOT NULL,
    "interval_seconds" INTEGER NOT NULL,
    "settings" JSONB NOT NULL,
    "watermark" BIGINT,
    "force_deletes" BOOLEAN NOT NULL DEFAULT false,
    "quarantine" JSONB,
    "successive_failures" INTEGER NOT NULL DEFAULT 0,
    "steady_state_first" TIMESTAMPTZ(3),
    "steady_state_last" TIMESTAMPTZ(3),

    CONSTRAINT "job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "job_schema" (
    "job_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "document" JSONB NOT NULL,

    CONSTRAINT "job_schema_pkey" PRIMARY KEY ("job_id","version")
);

-- CreateTable
CREATE TABLE "secret" (
    "service_principal_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "nonce" BYTEA NOT NULL,
    "ciphertext" BYTEA NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "secret_pkey" PRIMARY KEY ("service_principal_id","key")
);

-- CreateTable
CREATE TABLE "cycle" (
    "id" TEXT NOT NULL,
    "job_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "dry_run" BOOLEAN NOT NULL,
    "trigger" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "queued_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "schema_version" INTEGER NOT NULL,
    "from_version" BIGINT NOT NULL,
    "to_version" BIGINT,
    "done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER NOT NULL DEFAULT 0,
    "counts" JSONB NOT NULL,
    "destructive" INTEGER NOT NULL DEFAULT 0,
    "force_deletes" BOOLEAN NOT NULL DEFAULT false,
    "cut_phases" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "error" JSONB,

    CONSTRAINT "cycle_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "page" (
    "id" TEXT NOT NULL,
    "cycle_id" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "object_ids" TEXT[],
    "done" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "page_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "link" (
    "job_id" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "target_id" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "known" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "cycle_id" TEXT NOT NULL,
    "members_read" BOOLEAN NOT NULL,
    "references_due" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "link_pkey" PRIMARY KEY ("job_id","source_id")
);

-- CreateTable
CREATE TABLE "link_member" (
    "job_id" TEXT NOT NULL,
    "group_id" TEXT NOT NULL,
    "member_id" TEXT NOT NULL,
    "target_id" TEXT NOT NULL,

    CONSTRAINT "link_member_pkey" PRIMARY KEY ("job_id","group_id","member_id")
);

-- CreateTable
CREATE TABLE "intent" (
    "job_id" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "page_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "intent_pkey" PRIMARY KEY ("job_id","source_id")
);

-- CreateTable
CREATE TABLE "pending_reference" (
    "job_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "attribute" TEXT NOT NULL,
    "referenced_id" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pending_reference_pkey" PRIMARY KEY ("job_id","owner_id","attribute","referenced_id")
);

-- CreateTable
CREATE TABLE "escrow" (
    "job_id" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "error" JSONB NOT NULL,
    "code" TEXT NOT NULL,
    "first_failed" TIMESTAMPTZ(3) NOT NULL,
    "last_failed" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL,
    "next_retry" TIMESTAMPTZ(3),

    CONSTRAINT "escrow_pkey" PRIMARY KEY ("job_id","source_id","subject")
);

-- CreateTable
CREATE TABLE "held_deletion" (
    "job_id" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "because" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "target_id" TEXT NOT NULL,
    "cycle_id" TEXT NOT NULL,
    "held_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "held_deletion_pkey" PRIMARY KEY ("job_id","source_id")
);

-- CreateTable
CREATE TABLE "provisioning_log" (
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "job_id" TEXT NOT NULL,
    "cycle_id" TEXT NOT NULL,
    "change_id" TEXT NOT NULL,
    "service_principal_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "error_code" TEXT,
    "source_id" TEXT NOT NULL,
    "source_name" TEXT NOT NULL,
    "target_id" TEXT NOT NULL,
    "target_name" TEXT NOT NULL,
    "entry" JSONB NOT NULL,

    CONSTRAINT "provisioning_log_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_log" (
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "activity" TEXT NOT NULL,
    "job_id" TEXT,
    "service_principal_id" TEXT,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "audit_log_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "directory_object_tenant_id_type_version_idx" ON "directory_object"("tenant_id", "type", "version");

-- CreateIndex
CREATE INDEX "directory_object_tenant_id_manager_id_idx" ON "directory_object"("tenant_id", "manager_id");

-- CreateIndex
CREATE INDEX "directory_membership_tenant_id_member_id_idx" ON "directory_membership"("tenant_id", "member_id");

-- CreateIndex
CREATE INDEX "directory_membership_tenant_id_version_idx" ON "directory_membership"("tenant_id", "version");

-- CreateIndex
CREATE INDEX "directory_assignment_tenant_id_principal_id_idx" ON "directory_assignment"("tenant_id", "principal_id");

-- CreateIndex
CREATE INDEX "directory_assignment_tenant_id_service_principal_id_version_idx" ON "directory_assignment"("tenant_id", "service_principal_id", "version");

-- CreateIndex
CREATE INDEX "job_service_principal_id_idx" ON "job"("service_principal_id");

-- CreateIndex
CREATE INDEX "cycle_job_id_queued_at_idx" ON "cycle"("job_id", "queued_at");

-- CreateIndex
CREATE UNIQUE INDEX "cycle_unfinished" ON "cycle"("job_id") WHERE (ended_at IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "page_cycle_id_phase_seq_key" ON "page"("cycle_id", "phase", "seq");

-- CreateIndex
CREATE INDEX "link_references_due" ON "link"("job_id", "type") WHERE (references_due);

-- CreateIndex
CREATE UNIQUE INDEX "link_job_id_type_target_id_key" ON "link"("job_id", "type", "target_id");

-- CreateIndex
CREATE INDEX "link_member_job_id_member_id_idx" ON "link_member"("job_id", "member_id");

-- CreateIndex
CREATE INDEX "intent_page_id_idx" ON "intent"("page_id");

-- CreateIndex
CREATE INDEX "pending_reference_job_id_referenced_id_idx" ON "pending_reference"("job_id", "referenced_id");

-- CreateIndex
CREATE INDEX "escrow_job_id_next_retry_idx" ON "escrow"("job_id", "next_retry");

-- CreateIndex
CREATE INDEX "provisioning_log_job_id_at_id_idx" ON "provisioning_log"("job_id", "at", "id");

-- CreateIndex
CREATE INDEX "provisioning_log_at_id_idx" ON "provisioning_log"("at", "id");

-- CreateIndex
CREATE INDEX "provisioning_log_cycle_id_idx" ON "provisioning_log"("cycle_id");

-- CreateIndex
CREATE INDEX "provisioning_log_source_id_idx" ON "provisioning_log"("source_id");

-- CreateIndex
CREATE INDEX "audit_log_at_id_idx" ON "audit_log"("at", "id");
