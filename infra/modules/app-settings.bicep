// Everything that the app is told. A test compares these names with those that the app binds and with
// local.settings.sample.json.

@description('Name of the app.')
param appName string

@description('The app\'s identity.')
param identityName string

@description('The Application Insights resource.')
param applicationInsightsName string

@description('The app\'s own storage account.')
param hostStorageName string

@description('The account for outputs.')
param outputStorageName string

@description('Container for outputs.')
param outputContainerName string

@description('Container for large manifests.')
param inputContainerName string

@description('The Key Vault.')
param vaultName string

@description('The Event Grid topic.')
param topicName string

@description('The queue for notifications.')
param queueName string

@description('The Durable Task Scheduler; empty when the storage account keeps durable state.')
param schedulerName string

@description('Task hub in it.')
param taskHubName string

@description('Root of the Clipia API.')
param clipiaBaseUrl string

@description('Hosts from which outputs are fetched.')
param mediaAllowedHosts string

@description('Generations at a time that the API key allows.')
param pacingConcurrency int

@description('Requests a minute that the API key allows.')
param pacingRequestsPerMinute int

@description('Highest budget of a batch in credits; 0 for none.')
param maxBudgetCredits int

@description('Days that a batch which has ended is kept.')
param batchRetentionDays int

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

resource topic 'Microsoft.EventGrid/topics@2025-02-15' existing = {
  name: topicName
}

resource taskScheduler 'Microsoft.DurableTask/schedulers@2025-11-01' existing = if (!empty(schedulerName)) {
  name: schedulerName
}

var secretsRoot = '${vault.properties.vaultUri}secrets'

var host = {
  AzureWebJobsStorage__accountName: hostStorageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
}

var product = {
  Clipia__BaseUrl: clipiaBaseUrl
  Callbacks__PublicBaseUrl: 'https://${app.properties.defaultHostName}'
  Pacing__Concurrency: string(pacingConcurrency)
  Pacing__RequestsPerMinute: string(pacingRequestsPerMinute)
  Limits__MaxBudgetCredits: maxBudgetCredits == 0 ? '' : string(maxBudgetCredits)
  Retention__Days: string(batchRetentionDays)
  Outputs__AccountName: outputStorageName
  Outputs__Container: outputContainerName
  Media__AllowedHosts: mediaAllowedHosts
  Inputs__Container: inputContainerName
  Notifications__QueueName: queueName
  Notifications__EventGridTopicEndpoint: topic.properties.endpoint
}

// References without a version: the platform takes up a new one within a day, or at once when it is told to.
var secrets = {
  Clipia__ApiKey: '@Microsoft.KeyVault(SecretUri=${secretsRoot}/clipia-api-key)'
  Clipia__WebhookSecret: '@Microsoft.KeyVault(SecretUri=${secretsRoot}/clipia-webhook-secret)'
  Clipia__PreviousWebhookSecret: '@Microsoft.KeyVault(SecretUri=${secretsRoot}/clipia-webhook-secret-previous)'
  Callbacks__Key: '@Microsoft.KeyVault(SecretUri=${secretsRoot}/callback-key)'
  Callbacks__PreviousKey: '@Microsoft.KeyVault(SecretUri=${secretsRoot}/callback-key-previous)'
  Notifications__WebhookSecret: '@Microsoft.KeyVault(SecretUri=${secretsRoot}/notification-webhook-secret)'
}

var scheduler = empty(schedulerName)
  ? {}
  : {
      // Read only where there is one, which the compiler cannot see; it names no key.
      #disable-next-line BCP318
      DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${taskScheduler.properties.endpoint};Authentication=ManagedIdentity;ClientID=${identity.properties.clientId}'
      AzureFunctionsJobHost__extensions__durableTask__hubName: taskHubName
      AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
      AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
    }

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union(host, product, secrets, scheduler)
}
