-- CreateTable
CREATE TABLE "revisit" (
    "job_id" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,

    CONSTRAINT "revisit_pkey" PRIMARY KEY ("job_id","source_id")
);
