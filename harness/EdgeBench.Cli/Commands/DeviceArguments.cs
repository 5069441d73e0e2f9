using System.CommandLine;
using EdgeBench.Core.Configuration;
using EdgeBench.Running.Configuration.Devices;
using EdgeBench.Running.Execution;

namespace EdgeBench.Cli.Commands;

/// <summary>The arguments that every command about one device shares.</summary>
internal sealed class DeviceArguments
{
    public Argument<string> Name { get; } = new("device") { Description = "local, the name of devices/<name>.yaml, or a path ending in .yaml." };

    public Option<OutputFormat> Format { get; } = new("--format") { Description = "table or json." };

    public void AddTo(Command command)
    {
        command.Arguments.Add(Name);
        command.Options.Add(Format);
    }

    /// <summary>The device that was named.</summary>
    public DeviceSpec Resolve(ParseResult parsed) =>
        DeviceCatalog.Resolve(parsed.GetRequiredValue(Name), Environment.CurrentDirectory, HarnessVocabulary.Instance);

    public bool AsJson(ParseResult parsed) => parsed.GetValue(Format) == OutputFormat.Json;
}
