using EdgeBench.Testing;

namespace EdgeBench.Devices.Tests;

/// <summary>A recorded device: files of <c>/proc</c>, <c>/sys</c> and <c>/etc</c> in a temporary folder.</summary>
internal sealed class SystemTree : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SystemRoot Root => new(_folder.Path);

    public SystemTree With(string path, string text)
    {
        string file = _folder.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return this;
    }

    public void Dispose() => _folder.Dispose();
}
