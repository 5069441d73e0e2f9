using Microsoft.AspNetCore.Http;

namespace EdgeBench.HuggingFace.Tests;

/// <summary>Answers that break off.</summary>
internal static class Cut
{
    /// <summary>The first GET gets <paramref name="bytes"/> of the content under full headers, then the connection is cut; later ones are normal.</summary>
    public static Func<HttpContext, Task<bool>> After(byte[] content, int bytes, Func<HttpContext, Task>? then = null, string? etag = null)
    {
        int served = 0;
        return async context =>
        {
            if (context.Request.Method != "GET" || Interlocked.Increment(ref served) > 1) return false;
            context.Response.ContentLength = content.Length;
            if (etag is not null) context.Response.Headers.ETag = etag;
            await context.Response.Body.WriteAsync(content.AsMemory(0, bytes));
            await context.Response.Body.FlushAsync();
            await Task.Delay(50);
            if (then is not null) await then(context);
            context.Abort();
            return true;
        };
    }
}
