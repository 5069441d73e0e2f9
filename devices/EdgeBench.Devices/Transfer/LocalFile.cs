using EdgeBench.Core.IO;
using EdgeBench.Core.Wire;

namespace EdgeBench.Devices.Transfer;

/// <summary>A file of this machine that a device shall have.</summary>
/// <param name="Name">What it is called there: see <see cref="FileName"/>.</param>
/// <param name="Sha256">What it must be, as lower-case hexadecimal digits.</param>
public sealed record LocalFile(string Path, string Name, long Bytes, string Sha256)
{
    /// <summary>A file as it is now, under its own name where that is safe. Throws <see cref="IOException"/>.</summary>
    public static LocalFile Of(string path) =>
        new(path, FileName.Safe(System.IO.Path.GetFileName(path), "file"), new FileInfo(path).Length, ContentHash.OfFile(path));
}
