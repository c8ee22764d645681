-- AlterTable
ALTER TABLE "job_schema" ADD COLUMN     "saved_by" TEXT;
