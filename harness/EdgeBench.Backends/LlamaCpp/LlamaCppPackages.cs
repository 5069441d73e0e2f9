using System.Runtime.InteropServices;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>The pinned npm packages that hold llama.cpp's prebuilt libraries (MIT; project node-llama-cpp).</summary>
/// <param name="Name">npm name.</param>
/// <param name="Folder">Folder in the package that holds the libraries.</param>
/// <param name="Integrity">SHA-512 of the packed file, in npm's spelling.</param>
internal sealed record LlamaCppPackage(string Name, string Folder, string Integrity);

internal static class LlamaCppPackages
{
    /// <summary>Of the npm packages; it carries llama.cpp <see cref="LlamaCppLibrary.UnderstoodLlama"/>.</summary>
    public const string Version = "3.22.1";

    public const string Remedy = "Run 'edgebench backends install llamacpp' (needs npm and a network), or give a folder with llama.cpp's libraries as 'path'.";

    private static readonly Dictionary<string, LlamaCppPackage> s_byRuntime = new()
    {
        ["linux-x64"] = new("@node-llama-cpp/linux-x64", "linux-x64",
            "sha512-5uCCDNqWCNfaAm8aR/Uzxbo4HBpKgNF91kCHPepKhgMgV2OAmatoefbOlMihsqCiH2Od35E/eUHQCFbfRBJuOg=="),
        ["linux-arm64"] = new("@node-llama-cpp/linux-arm64", "linux-arm64",
            "sha512-W+7naKCXX9/eEjjFmRS8vvx91QyLXDbeFxexZc3bh/PtQABZgmRL3C0AtYYXn4YGTj/3Qor4lWZn2tpjZFPLdQ=="),
        ["linux-arm"] = new("@node-llama-cpp/linux-armv7l", "linux-armv7l",
            "sha512-v/pHg4BcQHRDna+YYq4vWp44HCFluar4hAiB732Pa5PF89flMXhHSku68tQn+25RJjuc3TtoeY/i57WnX9GrdQ=="),
    };

    /// <summary>This process's platform as the table names it: <c>linux-x64</c> …</summary>
    public static string Runtime { get; } =
        $"{(OperatingSystem.IsLinux() ? "linux" : "other")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    public static IEnumerable<string> Runtimes => s_byRuntime.Keys;

    /// <summary>The package of a platform, or null.</summary>
    public static LlamaCppPackage? For(string runtime) => s_byRuntime.GetValueOrDefault(runtime);
}
