-- CreateTable
CREATE TABLE "unique_value" (
    "job_id" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "page_id" TEXT NOT NULL,

    CONSTRAINT "unique_value_pkey" PRIMARY KEY ("job_id","path","value")
);

-- CreateIndex
CREATE INDEX "unique_value_job_id_source_id_idx" ON "unique_value"("job_id", "source_id");
