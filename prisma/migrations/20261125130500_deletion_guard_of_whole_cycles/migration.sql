-- AlterTable
ALTER TABLE "cycle" DROP COLUMN "destructive",
DROP COLUMN "force_deletes",
ADD COLUMN     "guard" JSONB;

-- AlterTable
ALTER TABLE "former_link" ADD COLUMN     "state" TEXT NOT NULL DEFAULT 'active',
ADD COLUMN     "type" TEXT NOT NULL DEFAULT 'User';

-- AlterTable
ALTER TABLE "held_deletion" DROP CONSTRAINT "held_deletion_pkey",
ADD COLUMN     "count" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "decided_at" TIMESTAMPTZ(3),
ADD COLUMN     "decided_by" TEXT,
ADD COLUMN     "decision" TEXT NOT NULL DEFAULT 'waiting',
ADD COLUMN     "evidence" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "reason" TEXT,
ADD COLUMN     "subject" TEXT NOT NULL DEFAULT 'object',
ADD COLUMN     "why" TEXT NOT NULL DEFAULT '',
ADD CONSTRAINT "held_deletion_pkey" PRIMARY KEY ("job_id", "source_id", "subject");

-- AlterTable
ALTER TABLE "job" DROP COLUMN "force_deletes";

-- CreateTable
CREATE TABLE "staged_deletion" (
    "cycle_id" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "job_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "because" TEXT NOT NULL,
    "fresh" BOOLEAN NOT NULL,

    CONSTRAINT "staged_deletion_pkey" PRIMARY KEY ("cycle_id","source_id")
);

-- CreateTable
CREATE TABLE "deprovisioning" (
    "id" BIGSERIAL NOT NULL,
    "job_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "cycle_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "count" INTEGER NOT NULL DEFAULT 1,
    "approved" BOOLEAN NOT NULL,

    CONSTRAINT "deprovisioning_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "staged_deletion_job_id_idx" ON "staged_deletion"("job_id");

-- CreateIndex
CREATE INDEX "deprovisioning_job_id_kind_at_idx" ON "deprovisioning"("job_id", "kind", "at");
