-- AlterTable
ALTER TABLE "cycle" ADD COLUMN     "escrowed" INTEGER,
ADD COLUMN     "probing" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "escrow" ADD COLUMN     "cause" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "note" TEXT,
ADD COLUMN     "noted_by" TEXT,
ADD COLUMN     "seen_version" BIGINT,
ADD COLUMN     "state" TEXT NOT NULL DEFAULT 'retrying';

-- AlterTable
ALTER TABLE "job" ADD COLUMN     "escrows_pruned" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "escrow_job_id_cause_idx" ON "escrow"("job_id", "cause");

-- What is in escrow already is a cause of its own for each code, until it fails again.
UPDATE "escrow" SET "cause" = "code", "state" = CASE WHEN "next_retry" IS NULL THEN 'waiting' ELSE 'retrying' END;
