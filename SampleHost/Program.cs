using SampleHost;
using SampleHost.Start;

if (Commands.IsCommand(args))
    return await Commands.RunAsync(args, Console.In, Console.Out, Console.Error);

var app = DamApplication.Build(args);
await app.RunAsync();
return 0;
