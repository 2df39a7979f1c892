using Clipia.Emulator;

return await EmulatorProgram.RunAsync(args);
