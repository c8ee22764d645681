-- DropIndex
DROP INDEX "cycle_unfinished";

-- AlterTable
ALTER TABLE "cycle" ADD COLUMN     "only_members" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateIndex
CREATE UNIQUE INDEX "cycle_unfinished" ON "cycle"("job_id") WHERE (ended_at IS NULL AND trigger <> 'onDemand');
