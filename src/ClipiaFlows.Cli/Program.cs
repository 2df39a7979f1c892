using Clipia.Shared;
using ClipiaFlows.Cli;

EnvironmentProxy.UseByDefault();
return await CommandLine.RunAsync(args);
