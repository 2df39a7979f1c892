// A network for the app, with a private endpoint for each service that it stores, reads or sends to.

@description('Name of the virtual network.')
param name string

@description('The app\'s own storage account.')
param hostStorageName string

@description('The account for outputs.')
param outputStorageName string

@description('The Key Vault.')
param vaultName string

@description('The Event Grid topic.')
param topicName string

@description('The scheduler of the durable state. Empty: there is none.')
param schedulerName string

@description('Addresses of the virtual network, in CIDR notation.')
param addressPrefix string

@description('Region.')
param location string

@description('Tags.')
param tags object

var storageSuffix = environment().suffixes.storage
var vaultZone = 'privatelink.vaultcore.${substring(environment().suffixes.keyvaultDns, length('.vault.'))}'
var endpoints = [
  {
    name: 'host-blob'
    type: 'Microsoft.Storage/storageAccounts'
    target: hostStorageName
    group: 'blob'
    zone: 'privatelink.blob.${storageSuffix}'
  }
  {
    name: 'host-queue'
    type: 'Microsoft.Storage/storageAccounts'
    target: hostStorageName
    group: 'queue'
    zone: 'privatelink.queue.${storageSuffix}'
  }
  {
    name: 'host-table'
    type: 'Microsoft.Storage/storageAccounts'
    target: hostStorageName
    group: 'table'
    zone: 'privatelink.table.${storageSuffix}'
  }
  {
    name: 'output-blob'
    type: 'Microsoft.Storage/storageAccounts'
    target: outputStorageName
    group: 'blob'
    zone: 'privatelink.blob.${storageSuffix}'
  }
  {
    name: 'vault'
    type: 'Microsoft.KeyVault/vaults'
    target: vaultName
    group: 'vault'
    zone: vaultZone
  }
  {
    name: 'topic'
    type: 'Microsoft.EventGrid/topics'
    target: topicName
    group: 'topic'
    zone: 'privatelink.eventgrid.azure.net'
  }
]
var schedulerEndpoints = [
  {
    name: 'scheduler'
    type: 'Microsoft.DurableTask/schedulers'
    target: schedulerName
    group: 'scheduler'
    zone: 'privatelink.durabletask.io'
  }
]
var allEndpoints = concat(endpoints, empty(schedulerName) ? [] : schedulerEndpoints)
var zones = union(map(allEndpoints, endpoint => endpoint.zone), [])

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        addressPrefix
      ]
    }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }

  resource privateEndpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

resource dnsZones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in zones: {
    name: zone
    location: 'global'
    tags: tags
  }
]

resource dnsLinks 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, index) in zones: {
    parent: dnsZones[index]
    name: name
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network.id
      }
    }
  }
]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2024-07-01' = [
  for endpoint in allEndpoints: {
    name: 'pe-${name}-${endpoint.name}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: network::privateEndpoints.id
      }
      privateLinkServiceConnections: [
        {
          name: endpoint.name
          properties: {
            privateLinkServiceId: resourceId(endpoint.type, endpoint.target)
            groupIds: [
              endpoint.group
            ]
          }
        }
      ]
    }
  }
]

resource dnsRecords 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = [
  for (endpoint, index) in allEndpoints: {
    parent: privateEndpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: endpoint.group
          properties: {
            privateDnsZoneId: resourceId('Microsoft.Network/privateDnsZones', endpoint.zone)
          }
        }
      ]
    }
    dependsOn: [
      dnsLinks
    ]
  }
]
