using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Devices.Installing;
using EdgeBench.Devices.Launching;
using EdgeBench.Testing;

namespace EdgeBench.Remote.Tests;

/// <summary>
/// A real sshd on a port of the loopback, with keys, a device folder and agent packages of its own; the "device" is this machine's user. Tests are skipped
/// with a word where there is no sshd (Debian: openssh-server).
/// </summary>
public sealed class LoopbackSshd : IAsyncLifetime
{
    private const string Program = "/usr/sbin/sshd";

    // A real agent carries its runtime; this one finds that of the tests.
    private static readonly string s_runtime = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private readonly TemporaryFolder _folder = new();
    private Process? _sshd;

    /// <summary>The misbehaving program as an agent.</summary>
    public static string AgentScript { get; } =
        $"#!/bin/sh\nDOTNET_ROOT='{s_runtime}' exec '{Path.Combine(AppContext.BaseDirectory, "EdgeBench.TrialDouble")}' \"$@\"\n";

    public int Port { get; private set; }

    /// <summary>A path below a folder that is deleted with the tests.</summary>
    public string NewPath() => _folder.File(Guid.NewGuid().ToString("N"));

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program)) return;
        Directory.CreateDirectory("/run/sshd");
        Environment.SetEnvironmentVariable(AgentPackages.Variable, WritePackages("packages", AgentScript));
        Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", _folder.File("host"));
        Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", _folder.File("key"));
        File.Copy(_folder.File("key.pub"), _folder.File("authorized"));
        Port = FreePort();
        await File.WriteAllTextAsync(_folder.File("sshd_config"), $"""
            Port {Port}
            ListenAddress 127.0.0.1
            HostKey {_folder.File("host")}
            AuthorizedKeysFile {_folder.File("authorized")}
            PidFile {_folder.File("pid")}
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            """);
        _sshd = Process.Start(AgentProgram.Command(Program, "-D", "-e", "-f", _folder.File("sshd_config")))!;
        _ = _sshd.StandardError.ReadToEndAsync();
        Stopwatch watch = Stopwatch.StartNew();
        while (!Answers() && watch.Elapsed.TotalSeconds < 10) await Task.Delay(20);
    }

    public ValueTask DisposeAsync()
    {
        _sshd?.Kill(entireProcessTree: true);
        _sshd?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Skips the test where there is no sshd.</summary>
    public void Require() => Assert.SkipUnless(_sshd is { HasExited: false }, $"needs {Program} (Debian: openssh-server), which is not on this machine or did not start");

    /// <summary>A device behind this sshd.</summary>
    /// <param name="folder">On the device; null takes a new one.</param>
    public DeviceSpec Device(string? folder = null, int? port = null) => new("board", "ssh")
    {
        LauncherOptions = JsonSerializer.SerializeToElement(Options(folder, port), EdgeBenchJson.Options),
    };

    public SshOptions Options(string? folder = null, int? port = null) => new()
    {
        Host = "127.0.0.1",
        Port = port ?? Port,
        Folder = folder ?? NewPath(),
        Options = [$"IdentityFile={_folder.File("key")}", "IdentitiesOnly=yes", $"UserKnownHostsFile={_folder.File("known")}", "StrictHostKeyChecking=accept-new", "ControlPath=none"],
    };

    /// <summary>Packages whose program is a script, for every platform; answers their folder.</summary>
    public string WritePackages(string name, string script)
    {
        foreach (string runtime in AgentPackages.Runtimes)
        {
            string place = Directory.CreateDirectory(Path.Combine(_folder.Path, name, runtime)).FullName;
            File.WriteAllText(Path.Combine(place, AgentProgram.Name), script);
            File.WriteAllText(Path.Combine(place, "libextra.so"), "a library beside the program");
        }
        return _folder.File(name);
    }

    private bool Answers()
    {
        try
        {
            using TcpClient client = new();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
