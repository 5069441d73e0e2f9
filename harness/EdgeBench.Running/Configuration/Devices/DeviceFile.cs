using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Configuration.Sections;
using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Devices;

/// <summary>Finds and reads the device that a name, or the path of a device file, stands for.</summary>
internal static class DeviceFile
{
    private const string What = "a device file";

    /// <summary>The device, or null with problems added.</summary>
    public static DeviceSpec? Resolve(string written, Place place, string path, Reading reading)
    {
        if (written == DeviceReader.Local) return new DeviceSpec(DeviceReader.Local);
        if (reading.DeviceFolders.Find(written) is { } file) return Read(file, place, path, reading);
        string[] known = [.. reading.Vocabulary.Devices.Concat(reading.DeviceFolders.All().Keys).Distinct()];
        string? remedy = ProblemList.DidYouMean(written, known) ?? (reading.Vocabulary.Profiles.Contains(written)
            ? $"That is a profile: write devices/my-{written}.yaml with 'profile: {written}' and a launcher."
            : $"Describe it in devices/{(written.EndsWith(DeviceFolders.Suffix, StringComparison.Ordinal) ? Path.GetFileName(written) : written + DeviceFolders.Suffix)} beside the bench file.");
        reading.Problems.Add(place, path, $"unknown device {ProblemList.Quote(written)}", ProblemList.OneOf(known), remedy);
        return null;
    }

    private static DeviceSpec? Read(string file, Place place, string path, Reading reading)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        if (!NameRule.Check(name, place, path, "device name", reading.Problems)) return null;
        if (name == DeviceReader.Local)
        {
            reading.Problems.Add(place, path, $"device file {ProblemList.Quote(file)}", "a name other than 'local', which is this machine as it is",
                "Rename the file; 'launcher: local' inside makes it this machine.");
            return null;
        }
        string shown = Path.GetRelativePath(Environment.CurrentDirectory, file);
        try
        {
            YamlNode? root = YamlText.Parse(YamlText.Read(file, What, "Name a file that is there."), shown, What, reading.Problems);
            return DeviceReader.Read(name, root ?? new YamlMap(new Place(shown, 1, 1), []), "", reading);
        }
        catch (EdgeBenchException error) when (error.ExitCode == ExitCode.BadInput)
        {
            // Broken syntax ends the reading with all problems so far; those are in the list already.
            foreach (Problem problem in error.Problems.Where(problem => !reading.Problems.Contains(problem))) reading.Problems.Add(problem);
            return null;
        }
    }
}
