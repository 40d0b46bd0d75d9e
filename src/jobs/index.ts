export { Job } from './job.entity.js';
export { type JobCounts, jobCounts } from './job-counts.js';
export type { JobKind } from './job-kind.js';
export { JobQueue, type NewJob } from './job-queue.js';
export { JOB_STATEMENT } from './job-statement.js';
export { type JobFailure, JobWorker } from './job-worker.js';
