export { answerHealthz, answerMetrics, createMetricsListener, createReadyz } from './health.js';
export { createLogger, type Logger } from './logger.js';
export { createMetrics, type Metrics, type RecordRequest, type Surface } from './metrics.js';
