-- AlterTable
ALTER TABLE "intent" ADD COLUMN     "found_by" JSONB;
