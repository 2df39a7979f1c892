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
var zones = union(map(endpoints, endpoint => endpoint.zone), [])

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.20.0.0/24'
      ]
    }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.20.0.0/26'
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
          addressPrefix: '10.20.0.64/26'
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
  for endpoint in endpoints: {
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
  for (endpoint, index) in endpoints: {
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
