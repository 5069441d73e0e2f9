using System.Runtime.InteropServices;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>llama.cpp, loaded into this process: once, from one folder, with the version that the binding understands.</summary>
internal sealed unsafe class LlamaCppLibrary
{
    /// <summary>What <c>llama_version()</c> says, with or without <c>-dev</c>, of the version whose structures <see cref="LlamaModelParams"/> and its neighbours describe.</summary>
    public const string UnderstoodLlama = "0.5.0";

    /// <summary>What <c>ggml_version()</c> says in that version.</summary>
    public const string UnderstoodGgml = "0.25.1";

    private static readonly Lock s_lock = new();
    private static LlamaCppLibrary? s_loaded;

    private LlamaCppLibrary(LlamaCppFolder folder, LlamaCppApi api)
    {
        Folder = folder.Folder;
        Api = api;
        CpuRegistry = Named("CPU");
        if (CpuRegistry == 0)
        {
            throw new TrialException(FailureKind.BackendMissing, $"None of llama.cpp's CPU libraries in '{Folder}' runs on this processor",
                "Install again (edgebench backends install llamacpp) or give a folder with a libggml-cpu for this processor as 'path'.");
        }
        string variant = MappedCpuLibrary();
        Facts = new Dictionary<string, string>
        {
            ["llamacpp_version"] = LlamaCppApi.Text(api.LlamaVersion()),
            ["ggml_version"] = LlamaCppApi.Text(api.GgmlVersion()),
            ["ggml_commit"] = LlamaCppApi.Text(api.GgmlCommit()),
            ["library_folder"] = Folder,
            ["library_sha256"] = LibraryHashes.Of(folder.Llama),
            ["cpu_variant"] = Path.GetFileName(variant),
            ["cpu_variant_sha256"] = variant.Length > 0 ? LibraryHashes.Of(variant) : "",
            ["cpu_device"] = LlamaCppApi.Text(api.DeviceDescription(api.RegistryDevice(CpuRegistry, 0))),
            ["ggml_backends"] = string.Join(", ", Registered()),
            ["system_info"] = LlamaCppApi.Text(api.SystemInfo()).Trim(),
        };
    }

    public string Folder { get; }

    public LlamaCppApi Api { get; }

    /// <summary><c>ggml_backend_reg_t</c> of the CPU.</summary>
    public nint CpuRegistry { get; }

    /// <summary>Versions, hashes, CPU variant.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; }

    /// <summary>Loads the library unless it is loaded. Throws <see cref="TrialException"/> (<see cref="FailureKind.BackendMissing"/>).</summary>
    public static LlamaCppLibrary Load(string folder)
    {
        lock (s_lock)
        {
            if (s_loaded is { } loaded)
            {
                if (loaded.Folder == folder) return loaded;
                throw new TrialException(FailureKind.BackendMissing,
                    $"llama.cpp is already loaded from '{loaded.Folder}', so '{folder}' cannot be loaded into the same process",
                    "Use one 'path' for an artifact and its reference.");
            }
            LlamaCppFolder files = LlamaCppFolder.Find(folder, out string problem)
                ?? throw new TrialException(FailureKind.BackendMissing, $"llama.cpp is not installed: {problem}", LlamaCppPackages.Remedy);
            return s_loaded = new(files, Bind(files));
        }
    }

    /// <summary>A procedure that only the CPU library exports.</summary>
    public nint CpuProcedure(string name)
    {
        nint text = Marshal.StringToCoTaskMemUTF8(name);
        try
        {
            nint procedure = Api.RegistryProcedure(CpuRegistry, (byte*)text);
            return procedure != 0 ? procedure
                : throw new TrialException(FailureKind.BackendMissing, $"llama.cpp's CPU library in '{Folder}' lacks {name}", LlamaCppPackages.Remedy);
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    private static LlamaCppApi Bind(LlamaCppFolder files)
    {
        LlamaCppApi api;
        try
        {
            nint ggmlBase = NativeLibrary.Load(files.GgmlBase), ggml = NativeLibrary.Load(files.Ggml), llama = NativeLibrary.Load(files.Llama);
            CheckVersion(Version(llama, "llama_version"), Version(ggmlBase, "ggml_version"), files.Folder);
            api = new(ggmlBase, ggml, llama);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new TrialException(new TrialFailure(FailureKind.BackendMissing,
                $"llama.cpp in '{files.Folder}' cannot be used: {exception.Message.ReplaceLineEndings(" ")}", LlamaCppPackages.Remedy), exception);
        }
        api.LogSet(LlamaCppLog.Callback, null);
        nint folder = Marshal.StringToCoTaskMemUTF8(files.Folder);
        try
        {
            api.LoadBackends((byte*)folder);
        }
        finally
        {
            Marshal.FreeCoTaskMem(folder);
        }
        api.BackendInit();
        return api;
    }

    // Asked before anything else is looked up, because another version may lack the rest; older ones lack this too.
    private static string Version(nint library, string function) =>
        NativeLibrary.TryGetExport(library, function, out nint address) ? LlamaCppApi.Text(((delegate* unmanaged[Cdecl]<byte*>)address)()) : "of an unstated version";

    internal static void CheckVersion(string llama, string ggml, string folder)
    {
        // A build without the release flag, such as the npm package's, adds -dev to the same source.
        if (llama is UnderstoodLlama or UnderstoodLlama + "-dev" && ggml == UnderstoodGgml) return;
        throw new TrialException(FailureKind.BackendMissing,
            $"'{folder}' holds llama.cpp {llama} with ggml {ggml}; this program understands llama.cpp {UnderstoodLlama} with ggml {UnderstoodGgml}, "
            + "and another version's structures may differ", LlamaCppPackages.Remedy);
    }

    private nint Named(string name)
    {
        nint text = Marshal.StringToCoTaskMemUTF8(name);
        try
        {
            return Api.RegistryByName((byte*)text);
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    private List<string> Registered()
    {
        List<string> names = [];
        for (nuint i = 0; i < Api.RegistryCount(); i++) names.Add(LlamaCppApi.Text(Api.RegistryName(Api.RegistryAt(i))));
        return names;
    }

    // The library itself does not say which variant it chose; the ones it did not choose are unmapped again.
    private string MappedCpuLibrary() =>
        File.ReadLines("/proc/self/maps").Select(line => line.IndexOf('/') is >= 0 and int at ? line[at..] : "")
            .FirstOrDefault(path => Path.GetFileName(path).StartsWith("libggml-cpu", StringComparison.Ordinal)) ?? "";
}
