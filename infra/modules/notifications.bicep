// Where others hear of finished jobs and batches: a topic for subscribers, a queue for who prefers to fetch.

@description('Name of the Event Grid topic.')
param topicName string

@description('Storage account that holds the queue.')
param queueAccountName string

@description('Whether the topic can be reached through a private endpoint only.')
param isPrivate bool

@description('Region.')
param location string

@description('Tags.')
param tags object

resource topic 'Microsoft.EventGrid/topics@2025-02-15' = {
  name: topicName
  location: location
  tags: tags
  properties: {
    inputSchema: 'CloudEventSchemaV1_0'
    disableLocalAuth: true
    minimumTlsVersionAllowed: '1.2'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: queueAccountName
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource queue 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = {
  parent: queues
  name: 'clipiaflows-events'
}

@description('Name of the queue.')
output queueName string = queue.name
