-- AlterTable
ALTER TABLE "job" ADD COLUMN     "dialect" JSONB;
