export { MailWorker, type MailWorkerDependencies } from './mail-worker.js';
export { SmtpSender, type SmtpOptions } from './smtp-sender.js';
