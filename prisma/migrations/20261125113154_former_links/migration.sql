-- CreateTable
CREATE TABLE "former_link" (
    "job_id" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,

    CONSTRAINT "former_link_pkey" PRIMARY KEY ("job_id","source_id")
);
