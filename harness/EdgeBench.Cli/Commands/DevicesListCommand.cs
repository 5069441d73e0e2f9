using System.CommandLine;
using System.Text.Json;
using EdgeBench.Cli.Output;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Profiles;
using EdgeBench.Running.Configuration.Devices;
using EdgeBench.Running.Execution;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench devices list</c>: device files in <c>devices/</c>, and the profiles that they may inherit from.</summary>
internal static class DevicesListCommand
{
    private const int Version = 1;

    public static Command Create()
    {
        Option<OutputFormat> format = new("--format") { Description = "table or json." };
        Command command = new("list", "Device files in devices/, and the profiles that they may inherit from.") { format };
        command.SetAction(parsed =>
        {
            Entry[] devices = [new Entry("local", null, new DeviceSpec("local"), null), .. DeviceCatalog.Files(Environment.CurrentDirectory).Select(file => Read(file.Key, file.Value))];
            (string Name, DeviceProfile Profile)[] profiles = [.. ProfileCatalog.Names.Select(name => (name, ProfileCatalog.Find(name)))];
            if (parsed.GetValue(format) == OutputFormat.Json) Console.Out.WriteLine(Json(devices, profiles));
            else Print(devices, profiles, Console.Out);
            return (int)(devices.Any(device => device.Problem is not null) ? ExitCode.BadInput : ExitCode.Done);
        });
        return command;
    }

    // A broken file must not hide the others.
    private static Entry Read(string name, string path)
    {
        string shown = Path.GetRelativePath(Environment.CurrentDirectory, path);
        try
        {
            return new Entry(name, shown, DeviceCatalog.Resolve(path, Environment.CurrentDirectory, HarnessVocabulary.Instance), null);
        }
        catch (EdgeBenchException problem) when (problem.ExitCode == ExitCode.BadInput)
        {
            return new Entry(name, shown, null, problem.Problems[0].ToString());
        }
    }

    private static string Json(Entry[] devices, (string Name, DeviceProfile Profile)[] profiles) => JsonSerializer.Serialize(new
    {
        Version,
        Devices = devices.Select(device => new { device.Name, device.File, device.Device?.Launcher, device.Device?.Profile, device.Device?.Tier, device.Problem }),
        Profiles = profiles.Select(profile => new { profile.Name, profile.Profile.Title, profile.Profile.Kind, profile.Profile.Architecture }),
    }, EdgeBenchJson.Indented);

    private static void Print(Entry[] devices, (string Name, DeviceProfile Profile)[] profiles, TextWriter writer)
    {
        writer.WriteLine("devices");
        foreach (Entry device in devices) writer.WriteLine($"  {device.Problem ?? DeviceText.Line(device.Device!)}");
        writer.WriteLine("profiles");
        foreach ((string name, DeviceProfile profile) in profiles) writer.WriteLine($"  {name,-18} {profile.Kind.ToString().ToLowerInvariant(),-12} {profile.Title}");
    }

    private sealed record Entry(string Name, string? File, DeviceSpec? Device, string? Problem);
}
