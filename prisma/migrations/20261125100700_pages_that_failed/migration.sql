-- AlterTable
ALTER TABLE "page" ADD COLUMN     "failures" INTEGER NOT NULL DEFAULT 0;
