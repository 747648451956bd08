// Every number that bounds something, and within which bounds an operator may set it. Data; read by
// config.ts. docs/configuration.md lists the same names; scripts/check-docs.ts compares the two.

/** Every number that bounds something. All are environment variables; see docs/configuration.md. */
export type Limits = {
  requestBytes: number;
  resultBytes: number;
  uploadBytes: number;
  /** Of all uploads in hand at a time. */
  uploadsInHandBytes: number;
  /** Of all other large request bodies, likewise. */
  bodiesInHandBytes: number;
  unpackedBytes: number;
  unpackedEntries: number;
  /** Unpacked code that is kept on disk. MiB. */
  bundleCacheMb: number;
  variablesBytes: number;
  /** The same of functions whose code is written in a form. */
  inlineVariablesBytes: number;
  /** Questions of one run to the platform, and their arguments all together, as JSON. */
  asksPerRun: number;
  askBytesPerRun: number;
  /** Of one key value's value; and how many there may be in each of an account's modes. */
  keyValueBytes: number;
  keyValuesPerAccount: number;
  /** The same of function values. */
  functionValueBytes: number;
  functionValuesPerAccount: number;
  timeoutMs: number;
  maxTimeoutMs: number;
  initTimeoutMs: number;
  memoryMb: number;
  maxMemoryMb: number;
  tmpMb: number;
  cpuPercent: number;
  pids: number;
  openFiles: number;
  logBytesPerRun: number;
  /** Memory that all sandboxes together may be promised. MiB. */
  memoryBudgetMb: number;
  instancesPerFunction: number;
  /** Instances of new versions that are started ahead of their first call, of one account in a minute. */
  prestarts: number;
  startsAtOnce: number;
  /** Runs at a time in one instance that an owner may ask for. */
  instanceConcurrency: number;
  runsPerAccount: number;
  /** Test runs of code that isn't saved, and looks whether it loads, of one account at a time. */
  trialsPerAccount: number;
  /** Of an account over all nodes, where it has no limit of its own; 0: none. */
  concurrentRuns: number;
  runsPerMinute: number;
  /** Of one address in a second, before anything is done for it; 0: no bound. */
  requestsPerAddress: number;
  accountSecondsPerMinute: number;
  /** How long a call waits for a free instance before it is refused. */
  admissionWaitMs: number;
  idleMs: number;
  /** Most sandboxes kept ready for functions seen for the first time; 0: none. */
  blankSandboxes: number;
  /** Nodes that one flow run may enter. */
  flowSteps: number;
  /** How long after its first failure a mail of a template is tried again. */
  mailRetryMs: number;
  /** Groups that a query may have; how long it may take; how many a node runs at a time. */
  queryGroups: number;
  queryTimeoutMs: number;
  queriesAtOnce: number;
  /** In each of its modes. */
  queriesPerAccount: number;
  runRetentionDays: number;
  /** How long numbers of runs are kept: of each minute, hour and day. */
  minuteMetricsDays: number;
  hourMetricsDays: number;
  dayMetricsDays: number;
  /** Streams of runs and logs that an account may have open at one node. */
  streamsPerAccount: number;
  /** How long the audit log is kept, 0: for good; and what it says of sign-ins. */
  auditRetentionDays: number;
  signInRetentionDays: number;
  /** From an account's closing to its deletion, where nothing else is said. */
  accountGraceDays: number;
  /** How long a person stays signed in without doing anything; and at all. */
  sessionIdleMinutes: number;
  sessionHours: number;
  /** Queued runs that a node has in hand at a time. */
  workerRuns: number;
  /** How long a node that says nothing keeps its runs. */
  nodeLeaseMs: number;
  /** Nodes that may be lost with a run, one after the other, before it is taken for the cause. */
  mostLosses: number;
  /** Runs that an account may have queued, where it has no limit of its own. */
  queuedRuns: number;
  /** The largest input of a queued run, as JSON. */
  inputBytes: number;
  /** What is kept of the inputs of other runs, and of what runs return, as JSON. */
  keptInputBytes: number;
  keptResultBytes: number;
  inputRetentionDays: number;
  logRetentionDays: number;
  /** Of what functions have called on each day. */
  egressRetentionDays: number;
  /** `data` and `related` of one event, as JSON. */
  eventBytes: number;
  eventsPerRequest: number;
  /**
   * Runs, flow runs, mails and deliveries that the events of one request may start; and bytes of events that
   * those may hold.
   */
  runsPerPublish: number;
  bytesPerPublish: number;
  /** Events that may have caused one another before the platform's own are dropped. */
  eventDepth: number;
  /** Types of its own that an account may add. */
  eventTypesPerAccount: number;
  /** In each of its modes. */
  triggersPerAccount: number;
  /** How long a trigger may put its runs off, if it does at all. */
  delayLeastMs: number;
  delayMostMs: number;
  /** How long the id of a verified webhook is remembered: the same one again runs nothing. h */
  webhookMemoryHours: number;
  /** How long one build of packages may take. */
  buildTimeoutMs: number;
  /** Memory of a build besides the files that it makes. MiB. */
  buildMemoryMb: number;
  /** Of what a build prints, kept for people. */
  buildLogBytes: number;
  /** Builds at a time on one node. */
  buildsAtOnce: number;
  /** Builds that an account may have waiting or going on. */
  buildsPerAccount: number;
  /** How long the versions found for a request are taken for the same request again. s */
  buildFreshS: number;
  /** Installed packages of one function, unpacked. */
  layerBytes: number;
  layerEntries: number;
  /** How long a layer that no version has is kept. */
  layerUnusedDays: number;
  /** How long a destination may take to answer. */
  deliveryTimeoutMs: number;
  /** Events that one node sends at a time; an account gets half of it. */
  deliveriesAtOnce: number;
  /** In each of its modes. */
  subscriptionsPerAccount: number;
  /**
   * Of functions that web sites call at a path of the site: {@link Limits.timeoutMs} and `memoryMb` for
   * those.
   */
  endpointTimeoutMs: number;
  endpointMemoryMb: number;
  endpointsPerAccount: number;
  secretsPerAccount: number;
  /** Of one secret's value. */
  secretBytes: number;
  /** Of one file of the file tree. */
  fileBytes: number;
  filesPerAccount: number;
  fileBytesPerAccount: number;
  /** Time that an account's endpoints may run in a minute, all together. s */
  executionSecondsPerMinute: number;
};

/** Name, default, least and most of every numeric limit. */
export const LIMIT_RULES = {
  requestBytes: ['MILLRACE_REQUEST_BYTES', 6_291_556, 1024, 256 * 1024 * 1024],
  resultBytes: ['MILLRACE_RESULT_BYTES', 6_291_556, 1024, 256 * 1024 * 1024],
  uploadBytes: ['MILLRACE_UPLOAD_BYTES', 50 * 1024 * 1024, 1024, 512 * 1024 * 1024],
  uploadsInHandBytes: [
    'MILLRACE_UPLOADS_IN_HAND_BYTES',
    128 * 1024 * 1024,
    1024 * 1024,
    64 * 1024 * 1024 * 1024,
  ],
  bodiesInHandBytes: [
    'MILLRACE_BODIES_IN_HAND_BYTES',
    256 * 1024 * 1024,
    1024 * 1024,
    64 * 1024 * 1024 * 1024,
  ],
  unpackedBytes: ['MILLRACE_UNPACKED_BYTES', 250 * 1024 * 1024, 1024, 4 * 1024 * 1024 * 1024],
  unpackedEntries: ['MILLRACE_UNPACKED_ENTRIES', 50_000, 1, 1_000_000],
  bundleCacheMb: ['MILLRACE_BUNDLE_CACHE_MB', 10_240, 1, 16_777_216],
  variablesBytes: ['MILLRACE_VARIABLES_BYTES', 4096, 64, 1024 * 1024],
  inlineVariablesBytes: ['MILLRACE_INLINE_VARIABLES_BYTES', 65_536, 64, 1024 * 1024],
  asksPerRun: ['MILLRACE_ASKS_PER_RUN', 1000, 1, 1_000_000],
  askBytesPerRun: ['MILLRACE_ASK_BYTES_PER_RUN', 32 * 1024 * 1024, 1024, 16 * 1024 * 1024 * 1024],
  keyValueBytes: ['MILLRACE_KEY_VALUE_BYTES', 5_000_000, 1, 64 * 1024 * 1024],
  keyValuesPerAccount: ['MILLRACE_KEY_VALUES_PER_ACCOUNT', 1000, 1, 1_000_000],
  functionValueBytes: ['MILLRACE_FUNCTION_VALUE_BYTES', 32 * 1024, 1, 1024 * 1024],
  functionValuesPerAccount: ['MILLRACE_FUNCTION_VALUES_PER_ACCOUNT', 200, 1, 10_000],
  timeoutMs: ['MILLRACE_TIMEOUT_MS', 30_000, 100, 900_000],
  maxTimeoutMs: ['MILLRACE_MAX_TIMEOUT_MS', 900_000, 100, 86_400_000],
  initTimeoutMs: ['MILLRACE_INIT_TIMEOUT_MS', 10_000, 100, 900_000],
  memoryMb: ['MILLRACE_MEMORY_MB', 256, 64, 65_536],
  maxMemoryMb: ['MILLRACE_MAX_MEMORY_MB', 3008, 64, 1_048_576],
  tmpMb: ['MILLRACE_TMP_MB', 512, 1, 65_536],
  cpuPercent: ['MILLRACE_CPU_PERCENT', 100, 1, 100_000],
  pids: ['MILLRACE_PIDS', 512, 16, 100_000],
  openFiles: ['MILLRACE_OPEN_FILES', 1024, 64, 1_000_000],
  logBytesPerRun: ['MILLRACE_LOG_BYTES_PER_RUN', 256 * 1024, 1024, 64 * 1024 * 1024],
  memoryBudgetMb: ['MILLRACE_MEMORY_BUDGET', 0, 64, 16_777_216],
  instancesPerFunction: ['MILLRACE_INSTANCES_PER_FUNCTION', 10, 1, 10_000],
  startsAtOnce: ['MILLRACE_STARTS_AT_ONCE', 0, 0, 1000],
  prestarts: ['MILLRACE_PRESTARTS', 20, 0, 10_000],
  instanceConcurrency: ['MILLRACE_INSTANCE_CONCURRENCY', 100, 1, 1000],
  runsPerAccount: ['MILLRACE_RUNS_PER_ACCOUNT', 100, 1, 1_000_000],
  trialsPerAccount: ['MILLRACE_TRIALS_PER_ACCOUNT', 5, 1, 10_000],
  concurrentRuns: ['MILLRACE_CONCURRENT_RUNS', 0, 0, 1_000_000],
  runsPerMinute: ['MILLRACE_RUNS_PER_MINUTE', 0, 0, 100_000_000],
  requestsPerAddress: ['MILLRACE_REQUESTS_PER_ADDRESS', 0, 0, 1_000_000],
  accountSecondsPerMinute: ['MILLRACE_ACCOUNT_SECONDS_PER_MINUTE', 0, 0, 100_000_000],
  admissionWaitMs: ['MILLRACE_ADMISSION_WAIT_MS', 10_000, 0, 900_000],
  idleMs: ['MILLRACE_IDLE_MS', 600_000, 100, 86_400_000],
  blankSandboxes: ['MILLRACE_BLANK_SANDBOXES', 2, 0, 1000],
  flowSteps: ['MILLRACE_FLOW_STEPS', 1000, 1, 1_000_000],
  mailRetryMs: ['MILLRACE_MAIL_RETRY_MS', 60_000, 10, 3_600_000],
  queryGroups: ['MILLRACE_QUERY_GROUPS', 1000, 1, 100_000],
  queryTimeoutMs: ['MILLRACE_QUERY_TIMEOUT_MS', 30_000, 100, 600_000],
  queriesAtOnce: ['MILLRACE_QUERIES_AT_ONCE', 4, 1, 100],
  queriesPerAccount: ['MILLRACE_QUERIES_PER_ACCOUNT', 200, 1, 100_000],
  runRetentionDays: ['MILLRACE_RUN_RETENTION_DAYS', 90, 1, 36_500],
  minuteMetricsDays: ['MILLRACE_MINUTE_METRICS_DAYS', 14, 1, 36_500],
  hourMetricsDays: ['MILLRACE_HOUR_METRICS_DAYS', 400, 1, 36_500],
  dayMetricsDays: ['MILLRACE_DAY_METRICS_DAYS', 3_650, 1, 36_500],
  streamsPerAccount: ['MILLRACE_STREAMS_PER_ACCOUNT', 50, 1, 10_000],
  auditRetentionDays: ['MILLRACE_AUDIT_RETENTION_DAYS', 400, 0, 36_500],
  signInRetentionDays: ['MILLRACE_SIGN_IN_RETENTION_DAYS', 90, 1, 36_500],
  accountGraceDays: ['MILLRACE_ACCOUNT_GRACE_DAYS', 7, 0, 365],
  sessionIdleMinutes: ['MILLRACE_SESSION_IDLE_MINUTES', 720, 1, 525_600],
  sessionHours: ['MILLRACE_SESSION_HOURS', 168, 1, 8_760],
  workerRuns: ['MILLRACE_WORKER_RUNS', 0, 1, 10_000],
  nodeLeaseMs: ['MILLRACE_NODE_LEASE_MS', 10_000, 1000, 600_000],
  mostLosses: ['MILLRACE_MOST_LOSSES', 3, 1, 1000],
  queuedRuns: ['MILLRACE_QUEUED_RUNS', 250_000, 1, 100_000_000],
  inputBytes: ['MILLRACE_INPUT_BYTES', 1024 * 1024, 1024, 64 * 1024 * 1024],
  keptInputBytes: ['MILLRACE_KEPT_INPUT_BYTES', 256 * 1024, 0, 64 * 1024 * 1024],
  keptResultBytes: ['MILLRACE_KEPT_RESULT_BYTES', 64 * 1024, 0, 64 * 1024 * 1024],
  inputRetentionDays: ['MILLRACE_INPUT_RETENTION_DAYS', 30, 1, 36_500],
  logRetentionDays: ['MILLRACE_LOG_RETENTION_DAYS', 90, 1, 36_500],
  egressRetentionDays: ['MILLRACE_EGRESS_RETENTION_DAYS', 30, 1, 36_500],
  eventBytes: ['MILLRACE_EVENT_BYTES', 256 * 1024, 1024, 64 * 1024 * 1024],
  eventsPerRequest: ['MILLRACE_EVENTS_PER_REQUEST', 1000, 1, 100_000],
  runsPerPublish: ['MILLRACE_RUNS_PER_PUBLISH', 20_000, 1, 1_000_000],
  bytesPerPublish: ['MILLRACE_BYTES_PER_PUBLISH', 256 * 1024 * 1024, 1024, 16 * 1024 * 1024 * 1024],
  eventDepth: ['MILLRACE_EVENT_DEPTH', 16, 0, 1000],
  eventTypesPerAccount: ['MILLRACE_EVENT_TYPES_PER_ACCOUNT', 1000, 0, 100_000],
  triggersPerAccount: ['MILLRACE_TRIGGERS_PER_ACCOUNT', 10_000, 1, 1_000_000],
  delayLeastMs: ['MILLRACE_DELAY_LEAST_MS', 300_000, 1, 31_536_000_000],
  delayMostMs: ['MILLRACE_DELAY_MOST_MS', 172_800_000, 1, 31_536_000_000],
  webhookMemoryHours: ['MILLRACE_WEBHOOK_MEMORY_HOURS', 96, 1, 8_760],
  buildTimeoutMs: ['MILLRACE_BUILD_TIMEOUT_MS', 120_000, 1000, 3_600_000],
  buildMemoryMb: ['MILLRACE_BUILD_MEMORY_MB', 512, 128, 65_536],
  buildLogBytes: ['MILLRACE_BUILD_LOG_BYTES', 256 * 1024, 1024, 64 * 1024 * 1024],
  buildsAtOnce: ['MILLRACE_BUILDS_AT_ONCE', 1, 1, 100],
  buildsPerAccount: ['MILLRACE_BUILDS_PER_ACCOUNT', 50, 1, 100_000],
  buildFreshS: ['MILLRACE_BUILD_FRESH_S', 600, 0, 31_536_000],
  layerBytes: ['MILLRACE_LAYER_BYTES', 250 * 1024 * 1024, 64 * 1024, 2 * 1024 * 1024 * 1024],
  layerEntries: ['MILLRACE_LAYER_ENTRIES', 100_000, 1, 1_000_000],
  layerUnusedDays: ['MILLRACE_LAYER_UNUSED_DAYS', 7, 0, 36_500],
  endpointTimeoutMs: ['MILLRACE_ENDPOINT_TIMEOUT_MS', 10_000, 100, 900_000],
  endpointMemoryMb: ['MILLRACE_ENDPOINT_MEMORY_MB', 128, 64, 65_536],
  endpointsPerAccount: ['MILLRACE_ENDPOINTS_PER_ACCOUNT', 100, 1, 100_000],
  secretsPerAccount: ['MILLRACE_SECRETS_PER_ACCOUNT', 50, 0, 100_000],
  secretBytes: ['MILLRACE_SECRET_BYTES', 16 * 1024, 16, 1024 * 1024],
  fileBytes: ['MILLRACE_FILE_BYTES', 20 * 1024 * 1024, 1024, 256 * 1024 * 1024],
  filesPerAccount: ['MILLRACE_FILES_PER_ACCOUNT', 20_000, 1, 10_000_000],
  fileBytesPerAccount: [
    'MILLRACE_FILE_BYTES_PER_ACCOUNT',
    1024 * 1024 * 1024,
    1024,
    1024 * 1024 * 1024 * 1024,
  ],
  executionSecondsPerMinute: ['MILLRACE_EXECUTION_SECONDS_PER_MINUTE', 600, 1, 1_000_000],
  deliveryTimeoutMs: ['MILLRACE_DELIVERY_TIMEOUT_MS', 15_000, 100, 300_000],
  deliveriesAtOnce: ['MILLRACE_DELIVERIES_AT_ONCE', 64, 1, 10_000],
  subscriptionsPerAccount: ['MILLRACE_SUBSCRIPTIONS_PER_ACCOUNT', 1000, 1, 1_000_000],
} as const satisfies Record<keyof Limits, readonly [string, number, number, number]>;
