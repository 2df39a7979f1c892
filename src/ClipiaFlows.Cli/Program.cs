using ClipiaFlows.Cli;

return await CommandLine.RunAsync(args);
