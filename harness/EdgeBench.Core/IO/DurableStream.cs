using Microsoft.Win32.SafeHandles;

namespace EdgeBench.Core.IO;

/// <summary>A file that goes to the disk while it is being written, so that the last flush has little left to wait for.</summary>
internal sealed class DurableStream(SafeFileHandle handle) : FileStream(handle, FileAccess.ReadWrite, 1 << 20)
{
    // Enough that a flush is worth its call, little enough that what remains at the end takes some milliseconds.
    private const long FlushBytes = 1 << 24;

    private readonly SafeFileHandle _handle = handle;
    private Task _flush = Task.CompletedTask;
    private long _written;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        base.Write(buffer);
        Wrote(buffer.Length);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        base.Write(buffer, offset, count);
        Wrote(count);
    }

    /// <summary>All is on the disk. Throws <see cref="IOException"/> where some of it did not get there, whenever that was.</summary>
    public void Complete()
    {
        Settle();
        Flush(flushToDisk: true);
    }

    // The system tells of a failed write to the disk once: each flush must be asked.
    private void Settle() => _flush.GetAwaiter().GetResult();

    private void Wrote(int bytes)
    {
        _written += bytes;
        if (_written < FlushBytes || !_flush.IsCompleted) return;
        Settle();
        _written = 0;
        _flush = Task.Factory.StartNew(() => RandomAccess.FlushToDisk(_handle), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}
