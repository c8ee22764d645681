-- AlterTable
ALTER TABLE "link_member" ADD COLUMN     "unsure" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "reference_writer" (
    "job_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "page_id" TEXT NOT NULL,
    "token" TEXT NOT NULL,

    CONSTRAINT "reference_writer_pkey" PRIMARY KEY ("job_id","owner_id")
);

-- CreateIndex
CREATE INDEX "reference_writer_page_id_idx" ON "reference_writer"("page_id");
