using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeBench.Cli.Output;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Profiles;
using EdgeBench.Running.Configuration.Devices;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench devices show</c>: a device's file with its profile, or a profile alone, every figure with its source.</summary>
internal static class DevicesShowCommand
{
    private const int Version = 1;

    public static Command Create()
    {
        DeviceArguments arguments = new();
        Command command = new("show", "A device with its profile, or a profile alone: every figure with its source.");
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            string written = parsed.GetRequiredValue(arguments.Name);
            DeviceSpec? device = IsProfile(written) ? null : arguments.Resolve(parsed);
            string? name = device is null ? written : device.Profile;
            DeviceProfile? profile = name is null ? null : ProfileCatalog.Find(name);
            if (arguments.AsJson(parsed)) Console.Out.WriteLine(JsonSerializer.Serialize(new { Version, Device = device, ProfileName = name, Profile = profile }, EdgeBenchJson.Indented));
            else Print(device, name, profile, Console.Out);
            return (int)ExitCode.Done;
        });
        return command;
    }

    // A slip in a profile's name is answered with profiles, unless there is a device of that name.
    private static bool IsProfile(string written) => ProfileCatalog.Names.Contains(written)
        || (Nearest.To(written, ProfileCatalog.Names) is not null && !DeviceCatalog.Files(Environment.CurrentDirectory).ContainsKey(written));

    private static void Print(DeviceSpec? device, string? name, DeviceProfile? profile, TextWriter writer)
    {
        if (device is not null) writer.WriteLine(DeviceText.Line(device));
        if (profile is null)
        {
            writer.WriteLine("no profile: 'edgebench devices probe' reads what the device is");
            return;
        }
        writer.WriteLine($"{name}: {profile.Title} ({profile.Kind.ToString().ToLowerInvariant()}{(profile.Architecture is { } architecture ? $", {architecture}" : "")})");
        if (profile.Note is { } note) writer.WriteLine(note);
        foreach (CoreProfile core in profile.Cores.Where(core => core.InstructionSets.Count > 0)) writer.WriteLine($"{core.Name}: {string.Join(" ", core.InstructionSets)}");
        foreach (AcceleratorProfile accelerator in profile.Accelerators)
            writer.WriteLine($"{accelerator.Name} ({string.Join(", ", new[] { accelerator.Kind, accelerator.Interface }.OfType<string>())}){(accelerator.Note is { } remark ? $": {remark}" : "")}");
        if (profile.Memory is { } memory) writer.WriteLine($"memory {memory.Type}");
        if (profile.PowerModes.Count > 0) writer.WriteLine($"power modes {string.Join(", ", profile.PowerModes.Select(mode => mode.Name))}");
        IReadOnlyList<ProfileFigure> figures = ProfileFigures.Of(profile);
        int width = figures.Select(figure => figure.Path.Length).DefaultIfEmpty(0).Max();
        if (figures.Count > 0) writer.WriteLine("figures");
        foreach (ProfileFigure figure in figures)
            writer.WriteLine($"  {figure.Path.PadRight(width)}  {figure.Value.ToString(CultureInfo.InvariantCulture),8}  {figure.Source}");
        writer.WriteLine("sensors");
        foreach (SensorProfile sensor in profile.Sensors) writer.WriteLine($"  {sensor.Reads,-12} {sensor.By}{(sensor.Note is { } remark ? $". {remark}" : "")}");
        writer.WriteLine("runtimes");
        foreach (RuntimeProfile runtime in profile.Runtimes) writer.WriteLine($"  {runtime.Backend,-12} {runtime.Name}{(runtime.Note is { } remark ? $". {remark}" : "")}");
    }
}
