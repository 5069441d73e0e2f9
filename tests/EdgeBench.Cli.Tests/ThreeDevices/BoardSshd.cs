using System.Diagnostics;
using System.Net.Sockets;

namespace EdgeBench.Cli.Tests.ThreeDevices;

/// <summary>An sshd beyond a shaped link, with keys of its own: a board that only this link reaches.</summary>
internal sealed class BoardSshd : IDisposable
{
    public const string Program = "/usr/sbin/sshd";

    // Nothing else listens in the namespace.
    private const int Port = 22;

    private readonly Process _sshd;
    private readonly ShapedLink _link;
    private readonly string _key, _knownHosts;

    /// <param name="folder">For keys and configuration; empty.</param>
    public BoardSshd(ShapedLink link, string folder)
    {
        _link = link;
        _key = Path.Combine(folder, "key");
        _knownHosts = Path.Combine(folder, "known_hosts");
        Directory.CreateDirectory("/run/sshd");
        foreach (string name in new[] { "host", "key" })
        {
            using Process keygen = Process.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(folder, name)]);
            keygen.WaitForExit();
        }
        string configuration = Path.Combine(folder, "sshd_config");
        File.WriteAllText(configuration, $"""
            Port {Port}
            ListenAddress {link.FarAddress}
            HostKey {Path.Combine(folder, "host")}
            AuthorizedKeysFile {_key}.pub
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            """);
        _sshd = Process.Start(link.Beyond(Program, "-D", "-E", Path.Combine(folder, "sshd.log"), "-f", configuration))!;
        Stopwatch watch = Stopwatch.StartNew();
        while (!Answers())
        {
            if (_sshd.HasExited || watch.Elapsed.TotalSeconds > 20) throw new InvalidOperationException($"sshd did not start: {File.ReadAllText(Path.Combine(folder, "sshd.log"))}");
            Thread.Sleep(50);
        }
    }

    /// <summary>The launcher of a device file.</summary>
    /// <param name="folder">On the device.</param>
    public string Launcher(string folder) =>
        $"{{ ssh: {{ host: {_link.FarAddress}, folder: \"{folder}\", options: [IdentityFile={_key}, IdentitiesOnly=yes, UserKnownHostsFile={_knownHosts}, StrictHostKeyChecking=accept-new, ControlPath=none] }} }}";

    public void Dispose()
    {
        _sshd.Kill(entireProcessTree: true);
        _sshd.WaitForExit();
        _sshd.Dispose();
    }

    private bool Answers()
    {
        try
        {
            using TcpClient client = new();
            client.Connect(_link.FarAddress, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
