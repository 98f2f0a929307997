/**
 * @param {Receiving} receiver
 * @param {{error(...said: unknown[]): void}} logger
 * @returns {(request: NodeRequest, response: NodeResponse) => Promise<void>}
 */
export function nodeHandler(receiver: Receiving, logger: {
    error(...said: unknown[]): void;
}): (request: NodeRequest, response: NodeResponse) => Promise<void>;
/**
 * What is used of a Node request, with what body parsers and hosts may have added to it.
 */
export type NodeRequest = {
    method?: string;
    headers: Record<string, string | string[] | undefined>;
    body?: unknown;
    rawBody?: unknown;
    readableDidRead?: boolean;
    on(event: string, listener: (...args: any[]) => void): unknown;
    pause(): unknown;
};
/**
 * What is used of a Node response.
 */
export type NodeResponse = {
    writeHead(status: number, headers: Record<string, string>): unknown;
    end(body?: string): unknown;
};
export type Receiving = {
    maxBody: number;
    receive: (headers: any, body: Uint8Array | string) => Promise<import("./answer.js").Answer>;
};
