// When somebody should look. Metrics are those of docs/telemetry.md; docs/operations.md says what each alert means and
// what to do, under the same names.

@description('Workspace that holds the telemetry.')
param workspaceName string

@description('Address that alerts are sent to; empty for nobody.')
param email string

@description('Region.')
param location string

@description('Tags.')
param tags object

// Severity 1 is for what costs money or loses work until somebody acts; 2 for what wants a look today.
var alerts = [
  {
    name: 'stuck-jobs'
    severity: 2
    summary: 'A job has been under way for more than two hours.'
    query: 'AppMetrics | where Name == "clipiaflows.job.oldest_age" | summarize Value = max(Max)'
    threshold: 7200
    window: 'PT15M'
  }
  {
    name: 'webhook-rejections'
    severity: 2
    summary: 'Deliveries are being rejected: a secret was rotated on one side only, or somebody is trying.'
    query: 'AppMetrics | where Name == "clipiaflows.webhook.deliveries" and tostring(Properties["clipiaflows.outcome"]) == "rejected" | summarize Value = coalesce(sum(Sum), 0.0)'
    threshold: 5
    window: 'PT15M'
  }
  {
    name: 'throttled-calls'
    severity: 2
    summary: 'More than one in twenty calls of the Clipia API is answered 429.'
    query: 'AppMetrics | where Name in ("clipia.client.throttled", "clipia.client.calls") | summarize Throttled = sumif(Sum, Name == "clipia.client.throttled"), Calls = sumif(Sum, Name == "clipia.client.calls") | project Value = iff(Calls < 20, 0.0, 100.0 * Throttled / Calls)'
    threshold: 5
    window: 'PT15M'
  }
  {
    name: 'budget-80-percent'
    severity: 2
    summary: 'A batch has used 80 % of its credit budget.'
    query: 'AppMetrics | where Name == "clipiaflows.budget.used" | summarize Value = coalesce(max(Max), 0.0) * 100'
    threshold: 80
    window: 'PT15M'
  }
  {
    name: 'unresolved-jobs'
    severity: 1
    summary: 'It could not be found out whether a submission was accepted; a person must decide.'
    query: 'AppMetrics | where Name == "clipiaflows.job.outcomes" and tostring(Properties["clipiaflows.state"]) == "Unresolved" | summarize Value = coalesce(sum(Sum), 0.0)'
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'failed-batches'
    severity: 1
    summary: 'A batch ended without a single success, or with failures.'
    query: 'AppMetrics | where Name == "clipiaflows.batch.outcomes" and tostring(Properties["clipiaflows.state"]) in ("Failed", "CompletedWithFailures") | summarize Value = coalesce(sum(Sum), 0.0)'
    threshold: 0
    window: 'PT15M'
  }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource recipients 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'ag-clipiaflows'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'clipiaflows'
    enabled: true
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in alerts: {
    name: 'alert-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'ClipiaFlows: ${alert.name}'
      description: '${alert.summary} See docs/operations.md.'
      severity: alert.severity
      enabled: true
      scopes: [
        workspace.id
      ]
      evaluationFrequency: 'PT5M'
      windowSize: alert.window
      criteria: {
        allOf: [
          {
            query: alert.query
            metricMeasureColumn: 'Value'
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: alert.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      autoMitigate: true
      // A new workspace has no telemetry yet.
      skipQueryValidation: true
      actions: empty(email)
        ? {}
        : {
            actionGroups: [
              recipients.id
            ]
          }
    }
  }
]
