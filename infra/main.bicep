// What runs in Azure: one resource group, one module per concern. Who may touch what stands in modules/access.bicep alone.
targetScope = 'subscription'

@description('Name of the azd environment; part of most names. Lower-case letters, digits and hyphens.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Azure region. Flex Consumption must be available there: az functionapp list-flexconsumption-locations.')
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('Object id of who deploys; azd fills it in. May set secrets in the Key Vault. Empty: nobody may, besides owners who grant it to themselves.')
param deployerPrincipalId string = ''

@description('Kind of the deploying principal: a person at azd up, a service principal in the pipeline.')
@allowed([
  'User'
  'ServicePrincipal'
])
param deployerPrincipalType string = 'User'

@description('Tags of your own, added to those that azd needs.')
param extraTags object = {}

@description('Root of the Clipia API.')
param clipiaBaseUrl string = 'https://api.clipia.ai'

@description('Hosts from which outputs are fetched, separated by commas.')
param mediaAllowedHosts string = 'media.clipia.ai'

@description('Generations at a time that the API key allows.')
@minValue(1)
@maxValue(1000)
param pacingConcurrency int = 10

@description('Requests a minute that the API key allows.')
@minValue(1)
@maxValue(100000)
param pacingRequestsPerMinute int = 120

@description('Highest budget of a batch in credits, and the budget of those that give none. 0: no limit.')
@minValue(0)
param maxBudgetCredits int = 0

@description('Memory of one instance in MB. Manifests of 64 MB need 2048 or more.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

@description('Most instances that the app may scale out to.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances that always wait for durable work. 0 costs nothing while idle and adds a cold start to the first wake-up.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int = 1

@description('Days after its end at which a batch is deleted: rows, papers (manifest, plan, deliveries, frozen requests, receipt) and instances.')
@minValue(30)
@maxValue(3650)
param batchRetentionDays int = 180

@description('Days after which outputs are deleted. 0: never; they move to the cool tier after 30 days in any case.')
@minValue(0)
@maxValue(3650)
param outputRetentionDays int = 0

@description('Days that Log Analytics keeps telemetry.')
@minValue(30)
@maxValue(730)
param telemetryRetentionDays int = 30

@description('Address that alerts are sent to. Empty: alerts fire and can be seen in the portal, but tell nobody.')
param alertEmail string = ''

@description('Puts storage, Key Vault, Event Grid and Durable Task Scheduler behind private endpoints in a network of their own.')
param privateNetworking bool = false

@description('With private networking: public IPv4 address from which the hooks may still write secrets. Empty: none.')
param deployerIpAddress string = ''

@description('Keeps the durable state in Durable Task Scheduler instead of the storage account. The app must be built for it too: docs/operations.md.')
param durableTaskScheduler bool = false

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = union(extraTags, {
  'azd-env-name': environmentName
  application: 'clipiaflows'
})

// Known before anything is deployed, so that what-if can say what would change.
var names = {
  identity: 'id-${token}'
  workspace: 'log-${token}'
  applicationInsights: 'appi-${token}'
  hostStorage: 'sthost${token}'
  outputStorage: 'stout${token}'
  vault: 'kv-${token}'
  topic: 'evgt-${token}'
  scheduler: 'dts-${token}'
  network: 'vnet-${token}'
  plan: 'plan-${token}'
  app: 'func-${token}'
  taskHub: 'clipiaflows'
}
var networkAddressPrefix = '10.20.0.0/24'

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: names.identity
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: names.workspace
    applicationInsightsName: names.applicationInsights
    retentionInDays: telemetryRetentionDays
    location: location
    tags: tags
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  scope: group
  params: {
    name: names.hostStorage
    retentionInDays: batchRetentionDays
    isPrivate: privateNetworking
    location: location
    tags: tags
  }
}

module outputStorage 'modules/output-storage.bicep' = {
  scope: group
  params: {
    name: names.outputStorage
    retentionInDays: outputRetentionDays
    isPrivate: privateNetworking
    location: location
    tags: tags
  }
}

module secrets 'modules/secrets.bicep' = {
  scope: group
  params: {
    name: names.vault
    isPrivate: privateNetworking
    deployerIpAddress: deployerIpAddress
    location: location
    tags: tags
  }
}

module notifications 'modules/notifications.bicep' = {
  scope: group
  params: {
    topicName: names.topic
    queueAccountName: names.hostStorage
    isPrivate: privateNetworking
    location: location
    tags: tags
  }
  dependsOn: [
    hostStorage
  ]
}

module scheduler 'modules/scheduler.bicep' = if (durableTaskScheduler) {
  scope: group
  params: {
    name: names.scheduler
    taskHubName: names.taskHub
    isPrivate: privateNetworking
    networkAddressPrefix: networkAddressPrefix
    location: location
    tags: tags
  }
}

// Nothing else in this folder grants anything.
module access 'modules/access.bicep' = {
  scope: group
  params: {
    appIdentityName: names.identity
    deployerPrincipalId: deployerPrincipalId
    deployerPrincipalType: deployerPrincipalType
    hostStorageName: names.hostStorage
    outputStorageName: names.outputStorage
    vaultName: names.vault
    topicName: names.topic
    applicationInsightsName: names.applicationInsights
    schedulerName: durableTaskScheduler ? names.scheduler : ''
  }
  dependsOn: [
    identity
    monitoring
    hostStorage
    outputStorage
    secrets
    notifications
    scheduler
  ]
}

module network 'modules/network.bicep' = if (privateNetworking) {
  scope: group
  params: {
    name: names.network
    hostStorageName: names.hostStorage
    outputStorageName: names.outputStorage
    vaultName: names.vault
    topicName: names.topic
    schedulerName: durableTaskScheduler ? names.scheduler : ''
    addressPrefix: networkAddressPrefix
    location: location
    tags: tags
  }
  dependsOn: [
    hostStorage
    outputStorage
    secrets
    notifications
    scheduler
  ]
}

module functionApp 'modules/function-app.bicep' = {
  scope: group
  params: {
    name: names.app
    planName: names.plan
    identityName: names.identity
    hostStorageName: names.hostStorage
    deploymentContainerName: hostStorage.outputs.deploymentContainerName
    networkName: privateNetworking ? names.network : ''
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    location: location
    tags: union(tags, {
      'azd-service-name': 'app'
    })
  }
  // The platform reads the deployment container as the identity, through the network, from the first moment on.
  dependsOn: [
    access
    network
  ]
}

module appSettings 'modules/app-settings.bicep' = {
  scope: group
  params: {
    appName: names.app
    identityName: names.identity
    applicationInsightsName: names.applicationInsights
    hostStorageName: names.hostStorage
    outputStorageName: names.outputStorage
    outputContainerName: outputStorage.outputs.containerName
    vaultName: names.vault
    topicName: names.topic
    queueName: notifications.outputs.queueName
    inputContainerName: hostStorage.outputs.inputContainerName
    schedulerName: durableTaskScheduler ? names.scheduler : ''
    taskHubName: names.taskHub
    clipiaBaseUrl: clipiaBaseUrl
    mediaAllowedHosts: mediaAllowedHosts
    pacingConcurrency: pacingConcurrency
    pacingRequestsPerMinute: pacingRequestsPerMinute
    maxBudgetCredits: maxBudgetCredits
    batchRetentionDays: batchRetentionDays
  }
  dependsOn: [
    functionApp
  ]
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    workspaceName: names.workspace
    email: alertEmail
    location: location
    tags: tags
  }
  dependsOn: [
    monitoring
  ]
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: {
    workspaceName: names.workspace
    location: location
    tags: tags
  }
  dependsOn: [
    monitoring
  ]
}

@description('Resource group of everything.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app, which azd deploys to.')
output SERVICE_APP_NAME string = names.app

@description('Address of the app; webhooks go below it.')
output SERVICE_APP_URI string = functionApp.outputs.uri

@description('Key Vault that the hooks write secrets to.')
output AZURE_KEY_VAULT_NAME string = names.vault
