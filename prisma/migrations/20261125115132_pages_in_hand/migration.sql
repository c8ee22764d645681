-- AlterTable
ALTER TABLE "cycle" ADD COLUMN     "resumed" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "suspended" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "page" ADD COLUMN     "held_until" TIMESTAMPTZ(3),
ADD COLUMN     "holder" TEXT;
