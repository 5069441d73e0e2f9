using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EdgeBench.Cli.Tests.ThreeDevices;

/// <summary>
/// A network interface whose cable is this process (Documentation/networking/tuntap.rst of the kernel): what the kernel sends over it is read here, one IP
/// packet a read, and what is written here the kernel receives. It may be moved into another network namespace; disposing removes it.
/// </summary>
internal sealed class TunInterface : IDisposable
{
    public const string DevicePath = "/dev/net/tun";

    // linux/if_tun.h and linux/if.h: struct ifreq is a name of 16 bytes, then flags.
    private const nuint SetInterface = 0x400454ca;
    private const short Tun = 0x0001, NoPacketInfo = 0x1000, PollIn = 1;
    private const int RequestBytes = 40, NameBytes = 16;

    private readonly SafeFileHandle _handle;

    public TunInterface(string name)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(name.Length, NameBytes, nameof(name));
        Name = name;
        _handle = File.OpenHandle(DevicePath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        byte[] request = new byte[RequestBytes];
        Encoding.ASCII.GetBytes(name, request);
        BinaryPrimitives.WriteInt16LittleEndian(request.AsSpan(NameBytes), Tun | NoPacketInfo);
        if (ioctl(_handle, SetInterface, request) >= 0) return;
        int error = Marshal.GetLastPInvokeError();
        _handle.Dispose();
        throw new Win32Exception(error, $"{DevicePath} gives no interface '{name}'");
    }

    public string Name { get; }

    /// <summary>The next packet's length; 0 where none came within a tenth of a second. Throws <see cref="IOException"/> where the interface is down.</summary>
    public int Read(Span<byte> packet)
    {
        PollRequest[] wanted = [new() { Descriptor = (int)_handle.DangerousGetHandle(), Events = PollIn }];
        return poll(wanted, 1, 100) > 0 ? (int)Checked(read(_handle, ref MemoryMarshal.GetReference(packet), (nuint)packet.Length)) : 0;
    }

    /// <summary>Throws <see cref="IOException"/> where the interface is down.</summary>
    public void Write(ReadOnlySpan<byte> packet) => Checked(write(_handle, in MemoryMarshal.GetReference(packet), (nuint)packet.Length));

    public void Dispose() => _handle.Dispose();

    private static nint Checked(nint result) => result >= 0 ? result : throw new IOException(Marshal.GetLastPInvokeErrorMessage());

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(SafeFileHandle descriptor, nuint request, byte[] argument);

    [DllImport("libc", SetLastError = true)]
    private static extern int poll([In, Out] PollRequest[] requests, nuint count, int milliseconds);

    [DllImport("libc", SetLastError = true)]
    private static extern nint read(SafeFileHandle descriptor, ref byte buffer, nuint bytes);

    [DllImport("libc", SetLastError = true)]
    private static extern nint write(SafeFileHandle descriptor, in byte buffer, nuint bytes);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
