// Durable Task Scheduler: the managed store of durable state.

@description('Name of the scheduler.')
@minLength(3)
@maxLength(64)
param name string

@description('Name of the task hub.')
param taskHubName string

@description('Whether it is reached through the virtual network only.')
param isPrivate bool

@description('Addresses of the virtual network, in CIDR notation.')
param networkAddressPrefix string

@description('Region.')
param location string

@description('Tags.')
param tags object

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'Consumption'
    }
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    // A caller from these addresses still needs a role; there is no local authentication. An empty list refuses everybody.
    ipAllowlist: [
      isPrivate ? networkAddressPrefix : '0.0.0.0/0'
    ]
  }
}

resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2026-02-01' = {
  parent: scheduler
  name: taskHubName
  properties: {}
}
