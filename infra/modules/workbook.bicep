// A campaign at a glance: progress, spend and errors.

@description('Workspace that holds the telemetry.')
param workspaceName string

@description('Region.')
param location string

@description('Tags.')
param tags object

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(workspace.id, 'campaigns')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'ClipiaFlows campaigns'
    category: 'workbook'
    version: '1.0'
    sourceId: workspace.id
    serializedData: replace(loadTextContent('../workbook.json'), '{workspaceId}', workspace.id)
  }
}
