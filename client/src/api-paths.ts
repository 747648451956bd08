// Types of Millrace's own API, generated from its OpenAPI document by `npm run client`. Not written by hand.

export interface paths {
    "/account/egress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What functions of the account reach on the network
         * @description Needs the permission `read` on `accounts`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Egress"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        /**
         * Denies networks to the functions of the account, live and test
         * @description Needs the permission `update` on `accounts`.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description IPv4 networks such as 198.51.100.0/24, or 198.51.100.0/24:25 for a port */
                        deny?: string[];
                        record_calls?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Egress"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the account may use, over all nodes
         * @description Needs the permission `read` on `accounts`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AccountLimits"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes what the operator's own account may use
         * @description Needs the permission `update` on `accounts`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description of the things that an account has, by name; null: the installation's */
                        bounds?: {
                            [key: string]: number | null;
                        };
                        /** @description null: the installation's; 0: none */
                        concurrent_runs?: number | null;
                        /** @description null: the installation's; 0: none */
                        execution_seconds_per_minute?: number | null;
                        /** @description null: the installation's; 0: none */
                        payload_bytes?: number | null;
                        /** @description null: the installation's; 0: none */
                        queued_runs?: number | null;
                        /** @description null: the installation's; 0: none */
                        runs_per_minute?: number | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AccountLimits"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/accounts/{id}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What an account may use: for the operator, and for itself
         * @description Needs the permission `read` on `accounts`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AccountLimits"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes what an account may use: for the operator
         * @description Needs the permission `update` on `accounts`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description of the things that an account has, by name; null: the installation's */
                        bounds?: {
                            [key: string]: number | null;
                        };
                        /** @description null: the installation's; 0: none */
                        concurrent_runs?: number | null;
                        /** @description null: the installation's; 0: none */
                        execution_seconds_per_minute?: number | null;
                        /** @description null: the installation's; 0: none */
                        payload_bytes?: number | null;
                        /** @description null: the installation's; 0: none */
                        queued_runs?: number | null;
                        /** @description null: the installation's; 0: none */
                        runs_per_minute?: number | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AccountLimits"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was changed in the account, sign-ins and refused tries
         * @description Needs the permission `read` on `auths`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description of this kind */
                    action?: "resource.create" | "resource.change" | "resource.delete" | "token.create" | "token.change" | "token.delete" | "people.set_up" | "session.create" | "session.refused" | "session.end" | "password.change" | "password.link" | "password.reset" | "user.invite" | "user.uninvite" | "user.join" | "user.change" | "user.remove" | "passkey.add" | "passkey.remove" | "portal.link" | "second_factor.add" | "second_factor.remove";
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                    /** @description changes of this kind of thing, such as `triggers` */
                    resource?: string;
                    /** @description from this time on: a day, or a time such as 2026-11-17T08:00:00Z */
                    since?: string;
                    /** @description changes of the one with this id */
                    target?: string;
                    /** @description by this token */
                    token_id?: string;
                    /** @description before this time */
                    until?: string;
                    /** @description by this user */
                    user_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["AuditEntry"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The same as lines of JSON, oldest first
         * @description Needs the permission `read` on `auths`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description of this kind */
                    action?: "resource.create" | "resource.change" | "resource.delete" | "token.create" | "token.change" | "token.delete" | "people.set_up" | "session.create" | "session.refused" | "session.end" | "password.change" | "password.link" | "password.reset" | "user.invite" | "user.uninvite" | "user.join" | "user.change" | "user.remove" | "passkey.add" | "passkey.remove" | "portal.link" | "second_factor.add" | "second_factor.remove";
                    /** @description changes of this kind of thing, such as `triggers` */
                    resource?: string;
                    /** @description from this time on: a day, or a time such as 2026-11-17T08:00:00Z */
                    since?: string;
                    /** @description changes of the one with this id */
                    target?: string;
                    /** @description by this token */
                    token_id?: string;
                    /** @description before this time */
                    until?: string;
                    /** @description by this user */
                    user_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-ndjson": components["schemas"]["AuditEntry"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/builds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Builds of every function, newest first
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Build"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/builds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One build
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Build"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/builds/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a build has printed so far, npm included
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    /** @description `text`: the whole log as text, without pages */
                    format?: "json" | "text";
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["LogLine"][];
                            next: string | null;
                        };
                        "text/plain": string;
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/caller": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who the request comes from, and what they may do
         * @description For every token.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Caller"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Runs whose retries are spent, newest first
         * @description Needs the permission `read` on `function_runs`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    created_after?: string;
                    created_before?: string;
                    /** @description of the faults that are alike: the id of one of /errors */
                    error_group?: string;
                    /** @description the type of the run's error */
                    error_type?: string;
                    function_id?: string;
                    limit?: number;
                    state?: "open" | "redriven" | "discarded";
                    /** @description what kind of thing started it: `account_event`, ... */
                    trigger?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Run"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes runs off the dead-letter list, oldest first; their records stay
         * @description Needs the permission `update` on `function_runs`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        filter: {
                            /** Format: date-time */
                            created_after?: string;
                            /** Format: date-time */
                            created_before?: string;
                            /** @description of the faults that are alike: the id of one of /errors */
                            error_group?: string;
                            /** @description the type of the run's error */
                            error_type?: string;
                            function_id?: string;
                            run_ids?: string[];
                            /** @description what kind of thing started it: `account_event`, ... */
                            trigger?: string;
                        };
                        /** @default 100 */
                        limit?: number;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            discarded: number;
                            /** @description there may be more of them */
                            more: boolean;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Runs again what is on the dead-letter list, oldest first, and takes it off
         * @description Needs the permission `create` on `function_runs`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description the `next` of an earlier answer */
                        after?: string | null;
                        filter: {
                            /** Format: date-time */
                            created_after?: string;
                            /** Format: date-time */
                            created_before?: string;
                            /** @description of the faults that are alike: the id of one of /errors */
                            error_group?: string;
                            /** @description the type of the run's error */
                            error_type?: string;
                            function_id?: string;
                            run_ids?: string[];
                            /** @description what kind of thing started it: `account_event`, ... */
                            trigger?: string;
                        };
                        /** @default 100 */
                        limit?: number;
                        /**
                         * @description `same`: the one that the run ran; `active`: the one that is active when the new run begins
                         * @default active
                         */
                        version?: ("same" | "active") | number;
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReplayBatch"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was sent to subscriptions, newest first
         * @description Needs the permission `read` on `events`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    /** @description what they are about */
                    event_type?: string;
                    limit?: number;
                    status?: "queued" | "delivered" | "retry" | "failed";
                    /** @description to which they go */
                    subscription_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Delivery"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One delivery
         * @description Needs the permission `read` on `events`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Delivery"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends it again, from the beginning of its retries
         * @description Needs the permission `update` on `events`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Delivery"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/device-authorizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begins to sign in a program that has no browser
         * @description For everybody.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description what asks, e.g. the name of the machine: the person reads it */
                        client: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description for the program alone */
                            device_code: string;
                            expires_in_s: number;
                            /** @description between two questions for the token; sooner: 429 */
                            interval_s: number;
                            /** @description for the person */
                            user_code: string;
                            verification_uri: string;
                            /** @description with the code in it */
                            verification_uri_complete: string;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/device-authorizations/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What asks to be signed in, by the code that it shows
         * @description For those who are signed in.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    code: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            address: string;
                            client: string;
                            /** Format: date-time */
                            created_at: string;
                            /** Format: date-time */
                            expires_at: string;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/device-authorizations/{code}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs it in: it gets a token of what you may do in this account and mode, but for an operator’s
         * @description Needs the permission `create` on `auths`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    code: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/device-authorizations/{code}/refuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refuses to sign it in
         * @description For those who are signed in.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    code: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/device-authorizations/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Whether the person has answered: the token, once
         * @description For everybody.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        device_code: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "pending" | "refused" | "approved";
                            /** @description once, where it is approved; good for 30 days */
                            token: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/domains": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hosts whose pages call endpoints of this account and mode without naming it
         * @description Needs the permission `read` on `accounts`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                certificate: {
                                    expires_at: string | null;
                                    /** @description when the first, or the next one is asked for */
                                    next_try_at: string | null;
                                    /** @description why the last try got none */
                                    problem: string | null;
                                    /** @enum {string} */
                                    state: "waiting" | "valid" | "refused";
                                } | null;
                                created_at: string | null;
                                domain: string;
                                /** @enum {string} */
                                source: "api" | "configuration";
                            }[];
                            next: null;
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Gives a host to this account and mode
         * @description Needs the permission `update` on `accounts`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description number of the account that it is for; only the first account may give names to others */
                        account_number?: number;
                        domain: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            certificate: {
                                expires_at: string | null;
                                /** @description when the first, or the next one is asked for */
                                next_try_at: string | null;
                                /** @description why the last try got none */
                                problem: string | null;
                                /** @enum {string} */
                                state: "waiting" | "valid" | "refused";
                            } | null;
                            created_at: string | null;
                            domain: string;
                            /** @enum {string} */
                            source: "api" | "configuration";
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        /**
         * Takes the host named by `?domain=` away again
         * @description Needs the permission `update` on `accounts`.
         */
        delete: {
            parameters: {
                query?: {
                    /** @description the host */
                    domain?: string;
                };
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            deleted: boolean;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/domains/{domain}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A host of this account and mode
         * @description Needs the permission `read` on `accounts`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    domain: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            certificate: {
                                expires_at: string | null;
                                /** @description when the first, or the next one is asked for */
                                next_try_at: string | null;
                                /** @description why the last try got none */
                                problem: string | null;
                                /** @enum {string} */
                                state: "waiting" | "valid" | "refused";
                            } | null;
                            created_at: string | null;
                            domain: string;
                            /** @enum {string} */
                            source: "api" | "configuration";
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Takes a host away that was given by this API
         * @description Needs the permission `update` on `accounts`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    domain: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/egress/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whom functions have called, and were kept from, on each day
         * @description Needs the permission `read` on `function_runs`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    /** @description `csv`: the page as CSV; the header `Millrace-Next` has `next` */
                    format?: "json" | "csv";
                    /** @description the first day, in UTC; usually the first of this month */
                    from?: string;
                    /** @description of that function */
                    function_id?: string;
                    limit?: number;
                    /** @description the last day; usually today */
                    to?: string;
                    /** @description of these alone */
                    verdict?: "allowed" | "refused";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["EgressDay"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/email-templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * E-mail templates, newest first
         * @description Needs the permission `read` on `email_templates`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["EmailTemplate"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Makes an e-mail template
         * @description Needs the permission `create` on `email_templates`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default [] */
                        campaign_filter?: string[];
                        /** @default true */
                        enabled?: boolean;
                        /** @default [] */
                        event_filter?: string[];
                        /** @default null */
                        function_id?: string | null;
                        name: string;
                        /**
                         * @default send
                         * @enum {string}
                         */
                        on_function_error?: "send" | "fail";
                        /** @default [] */
                        shop_filter?: string[];
                        /**
                         * @description id of a profile; null: the default one
                         * @default null
                         */
                        smtp_profile?: string | null;
                        /**
                         * @description Handlebars; empty: the sender of the profile
                         * @default
                         */
                        template_from?: string;
                        /** @description Handlebars */
                        template_html: string;
                        /** @description Handlebars */
                        template_subject: string;
                        /** @description addresses, Handlebars, or the word customer */
                        template_to: string[];
                        /** @enum {string} */
                        template_trigger: "account_event" | "api_direct";
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EmailTemplate"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/email-templates/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One e-mail template
         * @description Needs the permission `read` on `email_templates`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EmailTemplate"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Removes an e-mail template
         * @description Needs the permission `delete` on `email_templates`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Writes all of an e-mail template
         * @description Needs the permission `update` on `email_templates`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default [] */
                        campaign_filter?: string[];
                        /** @default true */
                        enabled?: boolean;
                        /** @default [] */
                        event_filter?: string[];
                        /** @default null */
                        function_id?: string | null;
                        name: string;
                        /**
                         * @default send
                         * @enum {string}
                         */
                        on_function_error?: "send" | "fail";
                        /** @default [] */
                        shop_filter?: string[];
                        /**
                         * @description id of a profile; null: the default one
                         * @default null
                         */
                        smtp_profile?: string | null;
                        /**
                         * @description Handlebars; empty: the sender of the profile
                         * @default
                         */
                        template_from?: string;
                        /** @description Handlebars */
                        template_html: string;
                        /** @description Handlebars */
                        template_subject: string;
                        /** @description addresses, Handlebars, or the word customer */
                        template_to: string[];
                        /** @enum {string} */
                        template_trigger: "account_event" | "api_direct";
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EmailTemplate"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/email-templates/{id}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What would be sent, its function asked; nothing is sent
         * @description Needs the permission `create` on `email_templates`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @default {} */
                        custom_arguments?: {
                            [key: string]: unknown;
                        };
                        /** @default {} */
                        item_details?: {
                            [key: string]: unknown;
                        };
                        /** @default null */
                        item_id?: string | null;
                        /** @default null */
                        item_type?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            custom_data: {
                                [key: string]: unknown;
                            } | null;
                            from: string | null;
                            function_error: string | null;
                            html: string;
                            subject: string;
                            to: string[];
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/email-templates/{id}/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends it, once: answers when the mail is on disk
         * @description Needs the permission `create` on `email_templates`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @default {} */
                        custom_arguments?: {
                            [key: string]: unknown;
                        };
                        /** @default {} */
                        item_details?: {
                            [key: string]: unknown;
                        };
                        /** @default null */
                        item_id?: string | null;
                        /** @default null */
                        item_type?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TemplateMail"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Faults of functions in groups that are alike, the most frequent of a span first
         * @description Needs the permission `read` on `function_runs`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description begins here; rounded down to a step */
                    from?: string;
                    /** @description of that function */
                    function_id?: string;
                    /** @description ends before this; rounded up to a step. Usually now */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                /** @description of the span */
                                count: number;
                                /** Format: uuid */
                                first_run_id: string;
                                /** Format: date-time */
                                first_seen_at: string;
                                /** @description the innermost place in the function's own code */
                                frame: string | null;
                                function_id: string;
                                id: string;
                                /** Format: uuid */
                                last_run_id: string;
                                /** Format: date-time */
                                last_seen_at: string;
                                /** @description without what changes from run to run */
                                message: string;
                                type: string;
                                /** @description in which it was seen, newest first, at most 20 */
                                versions: number[];
                            }[];
                            next: null;
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/errors/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One group of faults: how many in each hour, and the last one
         * @description Needs the permission `read` on `function_runs`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description begins here; rounded down to a step */
                    from?: string;
                    /** @description ends before this; rounded up to a step. Usually now */
                    to?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            by_hour: {
                                /** Format: date-time */
                                at: string;
                                count: number;
                            }[];
                            /** @description of the span */
                            count: number;
                            /** @description the last one, where its run is still kept */
                            example: {
                                frames: {
                                    column: number | null;
                                    file: string | null;
                                    line: number | null;
                                    name: string | null;
                                    /** @description whether it is the function's own code */
                                    own: boolean;
                                }[];
                                message: string;
                                /** Format: uuid */
                                run_id: string;
                                stack: string;
                            } | null;
                            /** Format: uuid */
                            first_run_id: string;
                            /** Format: date-time */
                            first_seen_at: string;
                            /** @description the innermost place in the function's own code */
                            frame: string | null;
                            function_id: string;
                            id: string;
                            /** Format: uuid */
                            last_run_id: string;
                            /** Format: date-time */
                            last_seen_at: string;
                            /** @description without what changes from run to run */
                            message: string;
                            type: string;
                            /** @description in which it was seen, newest first, at most 20 */
                            versions: number[];
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/errors/{id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The runs of a group of faults, newest first
         * @description Needs the permission `read` on `function_runs`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Run"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/event-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Types and notations that may be published, by name
         * @description Needs the permission `read` on `events`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["EventType"][];
                            next: string | null;
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Adds a type or a notation of the account
         * @description Needs the permission `create` on `events`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default null */
                        description?: string | null;
                        item_type?: string;
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventType"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/event-types/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Removes one that the account has added; what was published stays
         * @description Needs the permission `delete` on `events`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events without their data, newest first
         * @description Needs the permission `read` on `events`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    /** @description which one it is about */
                    item_id?: string;
                    /** @description what it is about */
                    item_type?: string;
                    limit?: number;
                    /** @description any of its notations */
                    notation?: string;
                    state?: "waiting" | "routed" | "set_aside";
                    /** @description its type, or its most specific notation */
                    type?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Event"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Publishes one event, or all of a list
         * @description Needs the permission `create` on `events`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        campaign?: string | null;
                        /** @description the subject itself */
                        data?: {
                            [key: string]: unknown;
                        } | null;
                        date?: string | null;
                        /** @description the same id again is the same event */
                        id?: string | null;
                        item_id: string;
                        item_type?: string | null;
                        /** @description `sale.created.success`; prefixes are implied */
                        notations?: string[] | null;
                        /** @description the subject's children by name */
                        related?: {
                            [key: string]: unknown;
                        } | null;
                        shop?: string | null;
                        /** @description the same as item_type */
                        subject?: string | null;
                        /** @description `order:created`, or a notation */
                        type?: string | null;
                    } | {
                        campaign?: string | null;
                        /** @description the subject itself */
                        data?: {
                            [key: string]: unknown;
                        } | null;
                        date?: string | null;
                        /** @description the same id again is the same event */
                        id?: string | null;
                        item_id: string;
                        item_type?: string | null;
                        /** @description `sale.created.success`; prefixes are implied */
                        notations?: string[] | null;
                        /** @description the subject's children by name */
                        related?: {
                            [key: string]: unknown;
                        } | null;
                        shop?: string | null;
                        /** @description the same as item_type */
                        subject?: string | null;
                        /** @description `order:created`, or a notation */
                        type?: string | null;
                    }[] | {
                        events: {
                            campaign?: string | null;
                            /** @description the subject itself */
                            data?: {
                                [key: string]: unknown;
                            } | null;
                            date?: string | null;
                            /** @description the same id again is the same event */
                            id?: string | null;
                            item_id: string;
                            item_type?: string | null;
                            /** @description `sale.created.success`; prefixes are implied */
                            notations?: string[] | null;
                            /** @description the subject's children by name */
                            related?: {
                                [key: string]: unknown;
                            } | null;
                            shop?: string | null;
                            /** @description the same as item_type */
                            subject?: string | null;
                            /** @description `order:created`, or a notation */
                            type?: string | null;
                        }[];
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AcceptedEvents"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One event with the runs that it has started
         * @description Needs the permission `read` on `events`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            campaign: string | null;
                            /** @description the run that published it, where it said so */
                            cause_run_id: string | null;
                            /** Format: date-time */
                            created_at: string;
                            data: unknown;
                            /**
                             * Format: date-time
                             * @description when it happened, by its publisher
                             */
                            date: string;
                            /** @description how many events have led to it */
                            depth: number;
                            /** @description why it was set aside */
                            fault: string | null;
                            id: string;
                            item_id: string;
                            item_type: string;
                            /** @description when it was routed, or set aside; null: it is about to be */
                            matched_at: string | null;
                            /** @description most specific first, prefixes included */
                            notations: string[];
                            related: {
                                [key: string]: unknown;
                            };
                            runs: {
                                function_id: string;
                                /** Format: uuid */
                                id: string;
                                /** @description what matched */
                                notation: string | null;
                                status: string;
                                trigger_id: string | null;
                            }[];
                            shop: string | null;
                            /**
                             * @description `set_aside`: nothing could be started; it can be routed again
                             * @enum {string}
                             */
                            state: "waiting" | "routed" | "set_aside";
                            /** @description how often something kept it from being routed */
                            tries: number;
                            /** @description its type, or its most specific notation */
                            type: string;
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/{id}/route": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Routes an event again that was set aside, or waits for its next try
         * @description Needs the permission `create` on `events`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            campaign: string | null;
                            /** @description the run that published it, where it said so */
                            cause_run_id: string | null;
                            /** Format: date-time */
                            created_at: string;
                            data: unknown;
                            /**
                             * Format: date-time
                             * @description when it happened, by its publisher
                             */
                            date: string;
                            /** @description how many events have led to it */
                            depth: number;
                            /** @description why it was set aside */
                            fault: string | null;
                            id: string;
                            item_id: string;
                            item_type: string;
                            /** @description when it was routed, or set aside; null: it is about to be */
                            matched_at: string | null;
                            /** @description most specific first, prefixes included */
                            notations: string[];
                            related: {
                                [key: string]: unknown;
                            };
                            runs: {
                                function_id: string;
                                /** Format: uuid */
                                id: string;
                                /** @description what matched */
                                notation: string | null;
                                status: string;
                                trigger_id: string | null;
                            }[];
                            shop: string | null;
                            /**
                             * @description `set_aside`: nothing could be started; it can be routed again
                             * @enum {string}
                             */
                            state: "waiting" | "routed" | "set_aside";
                            /** @description how often something kept it from being routed */
                            tries: number;
                            /** @description its type, or its most specific notation */
                            type: string;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/flow-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Flow runs, newest first
         * @description Needs the permission `read` on `flows`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    /** @description of that flow */
                    flow_id?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["FlowRun"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/flow-runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One flow run with the steps that it took
         * @description Needs the permission `read` on `flows`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FlowRun"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/flow-runs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ends a flow run where it stands; a function run that it waits for goes on
         * @description Needs the permission `update` on `flows`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FlowRun"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/flows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Flows, newest first
         * @description Needs the permission `read` on `flows`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Flow"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Makes a flow; it starts once it is enabled
         * @description Needs the permission `create` on `flows`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default null */
                        description?: string | null;
                        /** @default false */
                        enabled?: boolean;
                        /** @enum {string} */
                        kind: "customer_lifecycle" | "sale_lifecycle";
                        name: string;
                        nodes: ({
                            id: string;
                            /** @default null */
                            next?: string | null;
                            /** @constant */
                            type: "start";
                        } | {
                            conditions: {
                                /** @enum {string} */
                                operator: "equals" | "not_equals" | "greater" | "less" | "contains" | "exists" | "missing" | "in";
                                path: string;
                                value?: unknown;
                            }[];
                            id: string;
                            /**
                             * @default all
                             * @enum {string}
                             */
                            match?: "all" | "any";
                            /** @default null */
                            on_fail?: string | null;
                            /** @default null */
                            on_pass?: string | null;
                            /** @constant */
                            type: "filter";
                        } | {
                            delay_s: number;
                            id: string;
                            /** @default null */
                            next?: string | null;
                            /** @constant */
                            type: "wait";
                        } | {
                            /** @default [] */
                            branches?: {
                                /** @default null */
                                next?: string | null;
                                when: {
                                    /** @enum {string} */
                                    operator: "equals" | "not_equals" | "greater" | "less" | "contains" | "exists" | "missing" | "in";
                                    path: string;
                                    value?: unknown;
                                };
                            }[];
                            function_id: string;
                            id: string;
                            /** @default null */
                            next?: string | null;
                            /** @default null */
                            on_error?: string | null;
                            /** @constant */
                            type: "function";
                        })[];
                        starts: string[];
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Flow"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/flows/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One flow
         * @description Needs the permission `read` on `flows`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Flow"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Removes a flow; its runs go on
         * @description Needs the permission `delete` on `flows`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Changes a flow; runs that are going on go on as they began
         * @description Needs the permission `update` on `flows`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @default null */
                        description?: string | null;
                        /** @default false */
                        enabled?: boolean;
                        /** @enum {string} */
                        kind?: "customer_lifecycle" | "sale_lifecycle";
                        name?: string;
                        nodes?: ({
                            id: string;
                            /** @default null */
                            next?: string | null;
                            /** @constant */
                            type: "start";
                        } | {
                            conditions: {
                                /** @enum {string} */
                                operator: "equals" | "not_equals" | "greater" | "less" | "contains" | "exists" | "missing" | "in";
                                path: string;
                                value?: unknown;
                            }[];
                            id: string;
                            /**
                             * @default all
                             * @enum {string}
                             */
                            match?: "all" | "any";
                            /** @default null */
                            on_fail?: string | null;
                            /** @default null */
                            on_pass?: string | null;
                            /** @constant */
                            type: "filter";
                        } | {
                            delay_s: number;
                            id: string;
                            /** @default null */
                            next?: string | null;
                            /** @constant */
                            type: "wait";
                        } | {
                            /** @default [] */
                            branches?: {
                                /** @default null */
                                next?: string | null;
                                when: {
                                    /** @enum {string} */
                                    operator: "equals" | "not_equals" | "greater" | "less" | "contains" | "exists" | "missing" | "in";
                                    path: string;
                                    value?: unknown;
                                };
                            }[];
                            function_id: string;
                            id: string;
                            /** @default null */
                            next?: string | null;
                            /** @default null */
                            on_error?: string | null;
                            /** @constant */
                            type: "function";
                        })[];
                        starts?: string[];
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Flow"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/function-values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Values that functions find in their environment, by name
         * @description Needs the permission `read` on `function_values`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["FunctionValue"][];
                            next: string | null;
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Makes a value; functions have it with their next run
         * @description Needs the permission `create` on `function_values`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default null */
                        description?: string | null;
                        /** @default false */
                        encrypted?: boolean;
                        name: string;
                        value: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FunctionValue"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/function-values/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One value
         * @description Needs the permission `read` on `function_values`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FunctionValue"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Deletes a value
         * @description Needs the permission `delete` on `function_values`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Changes a value; functions have it with their next run
         * @description Needs the permission `update` on `function_values`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        description?: string | null;
                        encrypted?: boolean;
                        name?: string;
                        value?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FunctionValue"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/functions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Functions of every dialect, by name
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    /** @description whose they are */
                    dialect?: string;
                    limit?: number;
                    /** @description text that the name contains */
                    name?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                /** @description which version gets a part of the runs: /functions/{id}/canary */
                                canary: {
                                    percent: number;
                                    sticky_header: string | null;
                                    version: number;
                                } | null;
                                concurrency: number;
                                /**
                                 * @description `handler`: an exported handler; `body`: a function body; `respond`: a handler that gets sendResponse
                                 * @enum {string}
                                 */
                                convention: "handler" | "body" | "respond";
                                /** Format: date-time */
                                created_at: string;
                                /** @description packages beside its code, in their exact versions */
                                dependencies: {
                                    [key: string]: string;
                                };
                                description: string | null;
                                dialect: string;
                                /** @description faults in a row after which it is disabled; 0: never */
                                disable_after_faults: number;
                                /** @description why the platform disabled it */
                                disabled_reason: string | null;
                                enabled: boolean;
                                /** @description counted while `disable_after_faults` is set; a good end begins anew */
                                faults_in_a_row: number;
                                handler: string;
                                id: string;
                                /** @description queued runs at a time over all nodes */
                                max_concurrent_runs: number | null;
                                memory_mb: number;
                                /** Format: date-time */
                                modified_at: string;
                                name: string;
                                /** @description since when its queued runs wait and its calls are refused */
                                paused_at: string | null;
                                /** @description that was active before: where a rollback leads */
                                previous_version: number | null;
                                retry: {
                                    /** @enum {string} */
                                    preset: "none" | "lambda" | "webhook";
                                } | {
                                    /** @description seconds until each retry; their number is the number of retries */
                                    delays_s: number[];
                                    /**
                                     * @description ends that are tried again
                                     * @default [
                                     *       "failed",
                                     *       "timed_out",
                                     *       "out_of_memory",
                                     *       "crashed"
                                     *     ]
                                     */
                                    faults: ("failed" | "timed_out" | "out_of_memory" | "crashed")[];
                                    /**
                                     * @description share of each delay that is left to chance
                                     * @default 0
                                     */
                                    jitter: number;
                                };
                                /** @enum {string} */
                                reuse: "warm" | "none";
                                runtime: string;
                                timeout_ms: number;
                                /** @description how many triggers it has, by kind; null without the permission to read triggers */
                                triggers: {
                                    [key: string]: number;
                                } | null;
                                /** @description number of the active version */
                                version: number;
                            }[];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Makes a function of code, settings and variables
         * @description Needs the permission `create` on `hosted_functions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        code?: {
                            /** @description by path: its text, `{"text", "executable"}`, or `{"base64", "executable"}` where it is no text */
                            files?: {
                                [key: string]: string | {
                                    executable?: boolean;
                                    text: string;
                                } | {
                                    base64: string;
                                    executable?: boolean;
                                };
                            };
                            /** @description one file of JavaScript or Python, named as the handler says */
                            inline?: string;
                            /** @description a zip, in base64 */
                            zip?: string;
                        };
                        concurrency?: number;
                        /**
                         * @description `handler`: an exported handler; `body`: a function body; `respond`: a handler that gets sendResponse
                         * @enum {string}
                         */
                        convention?: "handler" | "body" | "respond";
                        /** @description packages of npm beside the code: name and version, range or `latest` */
                        dependencies?: {
                            [key: string]: unknown;
                        };
                        description?: string | null;
                        disable_after_faults?: number;
                        enabled?: boolean;
                        /** @description usually index.handler; of a body its file, usually function.js */
                        handler?: string;
                        max_concurrent_runs?: number | null;
                        memory_mb?: number;
                        name: string;
                        /** @description about the version */
                        note?: string | null;
                        retry?: {
                            /** @enum {string} */
                            preset: "none" | "lambda" | "webhook";
                        } | {
                            /** @description seconds until each retry; their number is the number of retries */
                            delays_s: number[];
                            /**
                             * @description ends that are tried again
                             * @default [
                             *       "failed",
                             *       "timed_out",
                             *       "out_of_memory",
                             *       "crashed"
                             *     ]
                             */
                            faults?: ("failed" | "timed_out" | "out_of_memory" | "crashed")[];
                            /**
                             * @description share of each delay that is left to chance
                             * @default 0
                             */
                            jitter?: number;
                        };
                        /** @enum {string} */
                        reuse?: "warm" | "none";
                        /** @description usually nodejs24.x */
                        runtime?: string;
                        timeout_ms?: number;
                        variables?: {
                            [key: string]: string | {
                                /**
                                 * @description never shown again, and hidden in logs
                                 * @default false
                                 */
                                secret?: boolean;
                                /** @description null keeps the value that is there */
                                value: string | null;
                            };
                        };
                    };
                    "application/zip": string;
                    "multipart/form-data": {
                        /**
                         * Format: binary
                         * @description a zip of the code
                         */
                        code: string;
                        /** @description the JSON of a body without `code` */
                        settings?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeployedFunction"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Settings of a function of any dialect
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Function"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Deletes a function of any dialect, with its triggers, addresses and code; its runs stay
         * @description Needs the permission `delete` on `hosted_functions`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Changes settings of a function of any dialect
         * @description Needs the permission `update` on `hosted_functions`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        concurrency?: number;
                        description?: string | null;
                        disable_after_faults?: number;
                        enabled?: boolean;
                        max_concurrent_runs?: number | null;
                        memory_mb?: number;
                        name?: string;
                        retry?: {
                            /** @enum {string} */
                            preset: "none" | "lambda" | "webhook";
                        } | {
                            /** @description seconds until each retry; their number is the number of retries */
                            delays_s: number[];
                            /**
                             * @description ends that are tried again
                             * @default [
                             *       "failed",
                             *       "timed_out",
                             *       "out_of_memory",
                             *       "crashed"
                             *     ]
                             */
                            faults?: ("failed" | "timed_out" | "out_of_memory" | "crashed")[];
                            /**
                             * @description share of each delay that is left to chance
                             * @default 0
                             */
                            jitter?: number;
                        };
                        /** @enum {string} */
                        reuse?: "warm" | "none";
                        timeout_ms?: number;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Function"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/functions/{id}/builds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Builds of one function, newest first
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Build"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Gives a function packages beside its code: the next version has them, once they are built
         * @description Needs the permission `update` on `hosted_functions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description name and version, range or `latest` of each package */
                        dependencies: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Build"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}/canary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which version gets a part of the runs
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Canary"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        /**
         * Gives a part of the runs to a version that is not active
         * @description Needs the permission `update` on `hosted_functions`.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Canary"];
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Canary"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        post?: never;
        /**
         * Gives all runs to the active version again
         * @description Needs the permission `update` on `hosted_functions`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}/canary/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes the canary the active version: it gets all runs
         * @description Needs the permission `update` on `hosted_functions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Function"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The active version's code: files by path, or with `Accept: application/zip` the zip
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Code"];
                        "application/zip": string;
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        /**
         * Gives a function code: the new version is active when the answer is there, or its packages are
         * @description Needs the permission `update` on `hosted_functions`.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description the new version gets this part of the runs, and is not the active one yet */
                        canary_percent?: number;
                        code?: {
                            /** @description by path: its text, `{"text", "executable"}`, or `{"base64", "executable"}` where it is no text */
                            files?: {
                                [key: string]: string | {
                                    executable?: boolean;
                                    text: string;
                                } | {
                                    base64: string;
                                    executable?: boolean;
                                };
                            };
                            /** @description one file of JavaScript or Python, named as the handler says */
                            inline?: string;
                            /** @description a zip, in base64 */
                            zip?: string;
                        };
                        /**
                         * @description `handler`: an exported handler; `body`: a function body; `respond`: a handler that gets sendResponse
                         * @enum {string}
                         */
                        convention?: "handler" | "body" | "respond";
                        /** @description packages of npm beside the code: name and version, range or `latest` */
                        dependencies?: {
                            [key: string]: unknown;
                        };
                        /** @description in place of code.files: as GET shows them */
                        files?: {
                            [key: string]: string | {
                                executable?: boolean;
                                text: string;
                            } | {
                                base64: string;
                                executable?: boolean;
                            };
                        };
                        /** @description usually index.handler; of a body its file, usually function.js */
                        handler?: string;
                        /** @description about the version */
                        note?: string | null;
                        /** @description usually nodejs24.x */
                        runtime?: string;
                    };
                    "application/zip": string;
                    "multipart/form-data": {
                        /**
                         * Format: binary
                         * @description a zip of the code
                         */
                        code: string;
                        /** @description the JSON of a body without `code` */
                        settings?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeployedFunction"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}/copy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes another function of the same code, settings, variables and packages
         * @description Needs the permission `create` on `hosted_functions` and the permission `read` on `hosted_functions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Function"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Holds the queued runs of a function, and refuses calls that wait
         * @description Needs the permission `update` on `hosted_functions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Function"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Releases the runs that the pause held: they are due when they were before
         * @description Needs the permission `update` on `hosted_functions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Function"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ends a canary; without one, makes the version active again that was so before
         * @description Needs the permission `update` on `hosted_functions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Function"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Runs of one function, newest first
         * @description Needs the permission `read` on `function_runs`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    /** @description a day, or a time such as 2026-11-17T08:00:00Z */
                    created_after?: string;
                    /** @description as created_after */
                    created_before?: string;
                    /** @description caused by that event */
                    event_id?: string;
                    /** @description caused by the newest 1,000 events of that item */
                    item_id?: string;
                    limit?: number;
                    /** @description of the newest 1,000 runs that a request with that `X-Request-Id` caused */
                    request_id?: string;
                    /** @description one or several, apart by commas: `queued`, `running`, `succeeded`, `failed`, `timed_out`, `out_of_memory`, `crashed`, `cancelled`, `dead` */
                    status?: string;
                    /** @description of the newest 1,000 runs of that trace (W3C, 32 digits) */
                    trace_id?: string;
                    /** @description what kind of thing started it: `account_event`, ... */
                    trigger?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Run"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Runs a function with the body as its data; with `Prefer: respond-async` the answer does not wait for it
         * @description Needs the permission `create` on `hosted_function_executions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": unknown;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CalledRun"];
                    };
                };
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Run"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The same with what is not given taken from a function: a test is no fault of it
         * @description Needs the permission `update` on `hosted_functions` and the permission `create` on `hosted_function_executions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        code?: {
                            /** @description by path: its text, `{"text", "executable"}`, or `{"base64", "executable"}` where it is no text */
                            files?: {
                                [key: string]: string | {
                                    executable?: boolean;
                                    text: string;
                                } | {
                                    base64: string;
                                    executable?: boolean;
                                };
                            };
                            /** @description one file of JavaScript or Python, named as the handler says */
                            inline?: string;
                            /** @description a zip, in base64 */
                            zip?: string;
                        };
                        /**
                         * @description `handler`: an exported handler; `body`: a function body; `respond`: a handler that gets sendResponse
                         * @enum {string}
                         */
                        convention?: "handler" | "body" | "respond";
                        handler?: string;
                        /** @description data; of a trigger over HTTP `{method, path, query, headers, body}`; of `account_event` `{type, data}` */
                        input?: unknown;
                        memory_mb?: number;
                        /** @enum {string} */
                        reuse?: "warm" | "none";
                        runtime?: string;
                        timeout_ms?: number;
                        /**
                         * @description what would start it; usually `api_direct`
                         * @enum {string}
                         */
                        trigger?: "http" | "account_event" | "webhook" | "function_url" | "schedule" | "subscription" | "flow" | "email_template" | "auto_query" | "payment_profile" | "ai_assistant" | "api_direct";
                        variables?: {
                            [key: string]: string | {
                                /**
                                 * @description never shown again, and hidden in logs
                                 * @default false
                                 */
                                secret?: boolean;
                                /** @description null keeps the value that is there */
                                value: string | null;
                            };
                        };
                    };
                    "application/zip": string;
                    "multipart/form-data": {
                        /**
                         * Format: binary
                         * @description a zip of the code
                         */
                        code: string;
                        /** @description the JSON of a body without `code` */
                        settings?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Trial"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}/uses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What may start a function: its triggers, and whatever else of the account names it
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description at most 100 of each kind, newest first */
                            data: {
                                enabled: boolean;
                                id: string;
                                /**
                                 * @description of the runs that it makes
                                 * @enum {string}
                                 */
                                kind: "http" | "account_event" | "webhook" | "function_url" | "schedule" | "subscription" | "flow" | "email_template" | "auto_query" | "payment_profile" | "ai_assistant" | "api_direct";
                                name: string | null;
                                /** @description where it is found below /millrace/v1; null: in its dialect alone */
                                path: string | null;
                            }[];
                            /** @description kinds of which there are more */
                            left_out: ("http" | "account_event" | "webhook" | "function_url" | "schedule" | "subscription" | "flow" | "email_template" | "auto_query" | "payment_profile" | "ai_assistant" | "api_direct")[];
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The same with what is not given taken from a function
         * @description Needs the permission `update` on `hosted_functions` and the permission `create` on `hosted_function_executions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        code?: {
                            /** @description by path: its text, `{"text", "executable"}`, or `{"base64", "executable"}` where it is no text */
                            files?: {
                                [key: string]: string | {
                                    executable?: boolean;
                                    text: string;
                                } | {
                                    base64: string;
                                    executable?: boolean;
                                };
                            };
                            /** @description one file of JavaScript or Python, named as the handler says */
                            inline?: string;
                            /** @description a zip, in base64 */
                            zip?: string;
                        };
                        /**
                         * @description `handler`: an exported handler; `body`: a function body; `respond`: a handler that gets sendResponse
                         * @enum {string}
                         */
                        convention?: "handler" | "body" | "respond";
                        handler?: string;
                        memory_mb?: number;
                        /** @enum {string} */
                        reuse?: "warm" | "none";
                        runtime?: string;
                        timeout_ms?: number;
                        variables?: {
                            [key: string]: string | {
                                /**
                                 * @description never shown again, and hidden in logs
                                 * @default false
                                 */
                                secret?: boolean;
                                /** @description null keeps the value that is there */
                                value: string | null;
                            };
                        };
                    };
                    "application/zip": string;
                    "multipart/form-data": {
                        /**
                         * Format: binary
                         * @description a zip of the code
                         */
                        code: string;
                        /** @description the JSON of a body without `code` */
                        settings?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Loading"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}/variables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Variables of a function, without the values of secrets
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ShownVariables"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        /**
         * Replaces the variables of a function: what is not named goes; its next run has them
         * @description Needs the permission `update` on `hosted_functions`.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        variables: {
                            [key: string]: string | {
                                /**
                                 * @description never shown again, and hidden in logs
                                 * @default false
                                 */
                                secret?: boolean;
                                /** @description null keeps the value that is there */
                                value: string | null;
                            };
                        };
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ShownVariables"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every version of a function, newest first
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Version"][];
                            next: string | null;
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}/versions/{from}/diff/{to}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What two versions of a function differ in
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    from: string;
                    id: string;
                    to: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CodeDiff"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}/versions/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One version of a function
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    number: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Version"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Writes a note to a version
         * @description Needs the permission `update` on `hosted_functions`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                    number: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        note: string | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Version"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/functions/{id}/versions/{number}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a version the active one: the way back, too
         * @description Needs the permission `update` on `hosted_functions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                    number: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Function"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/{id}/versions/{number}/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A version's code, in the same way
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    number: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Code"];
                        "application/zip": string;
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Runs code that is not saved, once: the run is kept, and marked as a test
         * @description Needs the permission `update` on `hosted_functions` and the permission `create` on `hosted_function_executions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        code?: {
                            /** @description by path: its text, `{"text", "executable"}`, or `{"base64", "executable"}` where it is no text */
                            files?: {
                                [key: string]: string | {
                                    executable?: boolean;
                                    text: string;
                                } | {
                                    base64: string;
                                    executable?: boolean;
                                };
                            };
                            /** @description one file of JavaScript or Python, named as the handler says */
                            inline?: string;
                            /** @description a zip, in base64 */
                            zip?: string;
                        };
                        /**
                         * @description `handler`: an exported handler; `body`: a function body; `respond`: a handler that gets sendResponse
                         * @enum {string}
                         */
                        convention?: "handler" | "body" | "respond";
                        handler?: string;
                        /** @description data; of a trigger over HTTP `{method, path, query, headers, body}`; of `account_event` `{type, data}` */
                        input?: unknown;
                        memory_mb?: number;
                        /** @enum {string} */
                        reuse?: "warm" | "none";
                        runtime?: string;
                        timeout_ms?: number;
                        /**
                         * @description what would start it; usually `api_direct`
                         * @enum {string}
                         */
                        trigger?: "http" | "account_event" | "webhook" | "function_url" | "schedule" | "subscription" | "flow" | "email_template" | "auto_query" | "payment_profile" | "ai_assistant" | "api_direct";
                        variables?: {
                            [key: string]: string | {
                                /**
                                 * @description never shown again, and hidden in logs
                                 * @default false
                                 */
                                secret?: boolean;
                                /** @description null keeps the value that is there */
                                value: string | null;
                            };
                        };
                    };
                    "application/zip": string;
                    "multipart/form-data": {
                        /**
                         * Format: binary
                         * @description a zip of the code
                         */
                        code: string;
                        /** @description the JSON of a body without `code` */
                        settings?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Trial"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Loads code without calling it: it becomes no version
         * @description Needs the permission `update` on `hosted_functions` and the permission `create` on `hosted_function_executions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        code?: {
                            /** @description by path: its text, `{"text", "executable"}`, or `{"base64", "executable"}` where it is no text */
                            files?: {
                                [key: string]: string | {
                                    executable?: boolean;
                                    text: string;
                                } | {
                                    base64: string;
                                    executable?: boolean;
                                };
                            };
                            /** @description one file of JavaScript or Python, named as the handler says */
                            inline?: string;
                            /** @description a zip, in base64 */
                            zip?: string;
                        };
                        /**
                         * @description `handler`: an exported handler; `body`: a function body; `respond`: a handler that gets sendResponse
                         * @enum {string}
                         */
                        convention?: "handler" | "body" | "respond";
                        handler?: string;
                        memory_mb?: number;
                        /** @enum {string} */
                        reuse?: "warm" | "none";
                        runtime?: string;
                        timeout_ms?: number;
                        variables?: {
                            [key: string]: string | {
                                /**
                                 * @description never shown again, and hidden in logs
                                 * @default false
                                 */
                                secret?: boolean;
                                /** @description null keeps the value that is there */
                                value: string | null;
                            };
                        };
                    };
                    "application/zip": string;
                    "multipart/form-data": {
                        /**
                         * Format: binary
                         * @description a zip of the code
                         */
                        code: string;
                        /** @description the JSON of a body without `code` */
                        settings?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Loading"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/import/revcent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a disabled function of RevCent's import file; with dry_run only the report
         * @description Needs the permission `create` on `hosted_functions`.
         */
        post: {
            parameters: {
                query?: {
                    dry_run?: "true" | "false";
                };
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description the import file, as it is */
                        file: string;
                        /**
                         * @description values by name, for those that the file leaves to its importer
                         * @default {}
                         */
                        variables?: {
                            [key: string]: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ImportReport"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is invited
         * @description Needs the permission `read` on `users`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Invitation"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Invites a person to the account; the same address again replaces the invitation before
         * @description Needs the permission `create` on `users`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        name?: string;
                        /** @enum {string} */
                        role: "operator" | "owner" | "developer" | "viewer";
                        /** @description of a viewer: whether inputs and results of runs, and events, are shown */
                        sees_inputs?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            created_at: string;
                            email: string;
                            /** Format: date-time */
                            expires_at: string;
                            id: string;
                            /** @description for the person; shown this once, and only where the installation sends no mail */
                            link: string | null;
                            mailed: boolean;
                            name: string;
                            /** @enum {string} */
                            role: "operator" | "owner" | "developer" | "viewer";
                            /** @description of a viewer: whether inputs and results of runs, and events, are shown */
                            sees_inputs: boolean;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/invitations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An invitation
         * @description Needs the permission `read` on `users`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Invitation"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Takes an invitation back
         * @description Needs the permission `delete` on `users`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Joins an account by the link of an invitation, and signs in
         * @description For everybody.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                        /** @description of a person who has none here yet */
                        password?: string;
                        /** @description what stands behind the # of the link */
                        secret: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"] | null;
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/key-values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Key values by their keys, without the values
         * @description Needs the permission `read` on `key_values`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["KeyValueEntry"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Makes a key value that functions can read, and change where it is a string
         * @description Needs the permission `create` on `key_values`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default null */
                        description?: string | null;
                        key: string;
                        /**
                         * @default string
                         * @enum {string}
                         */
                        key_type?: "string" | "pointer";
                        /** @default null */
                        pointer_type?: string | null;
                        value: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["KeyValue"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/key-values/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One key value
         * @description Needs the permission `read` on `key_values`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["KeyValue"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Deletes a key value
         * @description Needs the permission `delete` on `key_values`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Changes a key value; its key stays
         * @description Needs the permission `update` on `key_values`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        description?: string | null;
                        /** @enum {string} */
                        key_type?: "string" | "pointer";
                        pointer_type?: string | null;
                        value?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["KeyValue"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/metrics/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What runs came to in each step of a span: outcomes, durations, starts, use
         * @description Needs the permission `read` on `function_runs`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description begins here; rounded down to a step */
                    from?: string;
                    /** @description of that function */
                    function_id?: string;
                    /** @description each of them apart */
                    group_by?: "function" | "trigger" | "none";
                    /** @description `all`: the whole span in one */
                    step?: "1m" | "5m" | "15m" | "1h" | "6h" | "1d" | "all";
                    /** @description ends before this; rounded up to a step. Usually now */
                    to?: string;
                    /** @description of what that kind of thing started */
                    trigger?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description steps in which something ended */
                            data: {
                                /**
                                 * Format: date-time
                                 * @description when the step begins
                                 */
                                at: string;
                                attempts: number;
                                /** @description events that attempts got, as JSON */
                                bytes_in: number;
                                /** @description what attempts returned, as JSON */
                                bytes_out: number;
                                /** @description attempts that were the first in their sandbox */
                                cold_starts: number;
                                /** @description of the last attempts of runs that ended: the handler's own time; percentiles are within 2 % */
                                duration_ms: {
                                    max: number;
                                    mean: number;
                                    p50: number;
                                    p95: number;
                                    p99: number;
                                } | null;
                                /** @description of all attempts */
                                execution_seconds: number;
                                function_id?: string;
                                /** @description the same, times the memory that the function has */
                                gb_seconds: number;
                                /** @description of those, on average: starting the sandbox, loading the code */
                                init_ms: number | null;
                                memory_peak_bytes: number | null;
                                /** @description that ended, by how */
                                runs: {
                                    cancelled: number;
                                    crashed: number;
                                    dead: number;
                                    failed: number;
                                    out_of_memory: number;
                                    succeeded: number;
                                    timed_out: number;
                                    total: number;
                                };
                                trigger?: string;
                                /** @description from when a run might begin until it began */
                                wait_ms: {
                                    max: number;
                                    mean: number;
                                } | null;
                            }[];
                            /** Format: date-time */
                            from: string;
                            step: string;
                            /** Format: date-time */
                            to: string;
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the account used on each day, in the mode of the token
         * @description Needs the permission `read` on `function_runs`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    /** @description `csv`: the page as CSV; the header `Millrace-Next` has `next` */
                    format?: "json" | "csv";
                    /** @description the first day, in UTC; usually the first of this month */
                    from?: string;
                    limit?: number;
                    /** @description the last day; usually today */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                account_id: string;
                                attempts: number;
                                bytes_in: number;
                                bytes_out: number;
                                cold_starts: number;
                                /** Format: date */
                                date: string;
                                execution_seconds: number;
                                /** @description those that did not succeed and were not cancelled */
                                failed_runs: number;
                                gb_seconds: number;
                                /** @enum {string} */
                                mode: "live" | "test";
                                runs: number;
                            }[];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The accounts of the installation
         * @description Needs the permission `read` on `operator`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    /** @description the one with this external id */
                    external_id?: string;
                    /** @description those with this label, such as plan:gold */
                    label?: string;
                    limit?: number;
                    /** @description those on this plan */
                    plan?: string;
                    /** @description those with this text in the id, the external id or the name */
                    q?: string;
                    /** @description those that are so */
                    status?: "active" | "suspended" | "closed";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["ShortAccount"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Makes an account; one with this external id that was made alike is answered with 200
         * @description Needs the permission `create` on `operator`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description of the things that an account has, by name; null: the installation's */
                        bounds?: {
                            [key: string]: number | null;
                        };
                        /** @description the products whose APIs it may use; null: all */
                        dialects?: string[] | null;
                        /** @description what its functions do not reach; the account may change it */
                        egress_deny?: string[];
                        /** @description your own key for the account: the same one again is the same account */
                        external_id?: string | null;
                        labels?: {
                            [key: string]: string;
                        };
                        /** @description of runs and time: docs/replay.md */
                        limits?: {
                            /** @description null: the installation's; 0: none */
                            concurrent_runs?: number | null;
                            /** @description null: the installation's; 0: none */
                            execution_seconds_per_minute?: number | null;
                            /** @description null: the installation's; 0: none */
                            payload_bytes?: number | null;
                            /** @description null: the installation's; 0: none */
                            queued_runs?: number | null;
                            /** @description null: the installation's; 0: none */
                            runs_per_minute?: number | null;
                        };
                        name?: string | null;
                        /** @description the plan that it is on; null: none */
                        plan?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Account"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An account, with its limits and how much of its bounds is used
         * @description Needs the permission `read` on `operator`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AccountWithUse"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * The same as closing it, with the default time of grace
         * @description Needs the permission `delete` on `operator`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Account"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Changes an account
         * @description Needs the permission `update` on `operator`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description of the things that an account has, by name; null: the installation's */
                        bounds?: {
                            [key: string]: number | null;
                        };
                        /** @description the products whose APIs it may use; null: all */
                        dialects?: string[] | null;
                        /** @description what its functions do not reach; the account may change it */
                        egress_deny?: string[];
                        /** @description your own key for the account: the same one again is the same account */
                        external_id?: string | null;
                        /** @description those named are set, or taken away by null; the others stay */
                        labels?: {
                            [key: string]: string | null;
                        };
                        /** @description of runs and time: docs/replay.md */
                        limits?: {
                            /** @description null: the installation's; 0: none */
                            concurrent_runs?: number | null;
                            /** @description null: the installation's; 0: none */
                            execution_seconds_per_minute?: number | null;
                            /** @description null: the installation's; 0: none */
                            payload_bytes?: number | null;
                            /** @description null: the installation's; 0: none */
                            queued_runs?: number | null;
                            /** @description null: the installation's; 0: none */
                            runs_per_minute?: number | null;
                        };
                        name?: string | null;
                        /** @description the plan that it is on; null: none */
                        plan?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Account"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/operator/accounts/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Closes an account: it is served nothing, and deleted when its time of grace is over
         * @description Needs the permission `delete` on `operator`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description until everything of it is deleted; 0: at once. MILLRACE_ACCOUNT_GRACE_DAYS where it is left out */
                        grace_days?: number;
                        reason?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Account"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/accounts/{id}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Invites a person to an account
         * @description Needs the permission `create` on `operator`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        name?: string;
                        /** @enum {string} */
                        role: "operator" | "owner" | "developer" | "viewer";
                        /** @description of a viewer: whether inputs and results of runs, and events, are shown */
                        sees_inputs?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            created_at: string;
                            email: string;
                            /** Format: date-time */
                            expires_at: string;
                            id: string;
                            /** @description for the person; shown this once, and only where the installation sends no mail */
                            link: string | null;
                            mailed: boolean;
                            name: string;
                            /** @enum {string} */
                            role: "operator" | "owner" | "developer" | "viewer";
                            /** @description of a viewer: whether inputs and results of runs, and events, are shown */
                            sees_inputs: boolean;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/accounts/{id}/portal-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a link that opens a portal of the account for one person, once
         * @description Needs the permission `create` on `operator`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description how long the session lasts, in seconds; an hour where it is left out */
                        expires_in?: number;
                        /** @description what the portal shows; with function_id of that function alone */
                        features: {
                            /** @enum {string} */
                            feature: "code" | "runs" | "inputs" | "variables" | "settings";
                            function_id?: string | null;
                        }[];
                        /**
                         * @description live where it is left out
                         * @enum {string}
                         */
                        mode?: "live" | "test";
                        /** @description at one of MILLRACE_PORTAL_ORIGINS */
                        return_url?: string | null;
                        /** @enum {string} */
                        role: "owner" | "developer" | "viewer";
                        /** @description handed to the page as it is */
                        theme?: {
                            [key: string]: string;
                        };
                        user: {
                            email: string;
                            /** @description your own key for the person */
                            id: string;
                            name: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PortalLink"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/accounts/{id}/portal-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The portals of an account that are open
         * @description Needs the permission `read` on `operator`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["PortalSession"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/accounts/{id}/portal-sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Closes a portal
         * @description Needs the permission `delete` on `operator`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    session: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/accounts/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes back that an account was closed, as long as its deletion has not begun
         * @description Needs the permission `delete` on `operator`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Account"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/accounts/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Serves a suspended account again
         * @description Needs the permission `update` on `operator`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Account"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/accounts/{id}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Serves an account nothing until it is resumed; what it has waiting waits
         * @description Needs the permission `update` on `operator`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description shown to the callers of the account */
                        reason?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Account"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/accounts/{id}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The tokens of an account, live and test
         * @description Needs the permission `read` on `operator`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Token"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Makes a token of an account
         * @description Needs the permission `create` on `operator`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        expires_at?: string | null;
                        /**
                         * @description live where it is left out
                         * @enum {string}
                         */
                        mode?: "live" | "test";
                        name?: string | null;
                        permissions: {
                            /** @default true */
                            allow?: boolean;
                            methods: ("*" | "read" | "create" | "update" | "delete")[];
                            /** @enum {string} */
                            resource: "*" | "accounts" | "assistants" | "auths" | "email_templates" | "event_subscriptions" | "event_test_templates" | "events" | "flows" | "function_runs" | "function_values" | "hosted_function_executions" | "hosted_functions" | "key_values" | "operator" | "payment_profiles" | "queries" | "run_contents" | "settings" | "smtp_profiles" | "triggers" | "users";
                        }[];
                        /** @description with a live token: also one with the same permissions for test, which ends with it */
                        test_twin?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            account_id: string;
                            /** Format: date-time */
                            created_at: string;
                            expires_at: string | null;
                            id: string;
                            last_used_at: string | null;
                            masked: string;
                            /** @enum {string} */
                            mode: "live" | "test";
                            name: string | null;
                            permissions: {
                                /** @default true */
                                allow: boolean;
                                methods: ("*" | "read" | "create" | "update" | "delete")[];
                                /** @enum {string} */
                                resource: "*" | "accounts" | "assistants" | "auths" | "email_templates" | "event_subscriptions" | "event_test_templates" | "events" | "flows" | "function_runs" | "function_values" | "hosted_function_executions" | "hosted_functions" | "key_values" | "operator" | "payment_profiles" | "queries" | "run_contents" | "settings" | "smtp_profiles" | "triggers" | "users";
                            }[];
                            test_twin: {
                                account_id: string;
                                /** Format: date-time */
                                created_at: string;
                                expires_at: string | null;
                                id: string;
                                last_used_at: string | null;
                                masked: string;
                                /** @enum {string} */
                                mode: "live" | "test";
                                name: string | null;
                                permissions: {
                                    /** @default true */
                                    allow: boolean;
                                    methods: ("*" | "read" | "create" | "update" | "delete")[];
                                    /** @enum {string} */
                                    resource: "*" | "accounts" | "assistants" | "auths" | "email_templates" | "event_subscriptions" | "event_test_templates" | "events" | "flows" | "function_runs" | "function_values" | "hosted_function_executions" | "hosted_functions" | "key_values" | "operator" | "payment_profiles" | "queries" | "run_contents" | "settings" | "smtp_profiles" | "triggers" | "users";
                                }[];
                                /** @description shown this once */
                                token: string;
                                /** @description the live token whose test twin it is */
                                twin_of: string | null;
                            } | null;
                            /** @description shown this once */
                            token: string;
                            /** @description the live token whose test twin it is */
                            twin_of: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/accounts/{id}/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A token of an account
         * @description Needs the permission `read` on `operator`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Token"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Deletes a token of an account, and its test twin
         * @description Needs the permission `delete` on `operator`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/accounts/{id}/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The people of an account
         * @description Needs the permission `read` on `operator`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["User"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/accounts/{id}/users/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Takes a person out of an account
         * @description Needs the permission `update` on `operator`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    user: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/accounts/{id}/users/{user}/password-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a link by which a user of an account sets a new password, once
         * @description Needs the permission `update` on `operator`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                    user: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description for the person; shown this once, and only where the installation sends no mail */
                            link: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/accounts/{id}/users/{user}/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Removes the second factor of a user of an account
         * @description Needs the permission `update` on `operator`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    user: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/accounts/{id}/users/{user}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Ends all sessions of a user of an account
         * @description Needs the permission `update` on `operator`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    user: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ended: number;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was changed, of all accounts: who, from where, before and after
         * @description Needs the permission `read` on `operator`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description of this account */
                    account_id?: string;
                    /** @description of this kind */
                    action?: "account.create" | "account.change" | "account.suspend" | "account.resume" | "account.close" | "account.restore" | "account.deleted" | "resource.create" | "resource.change" | "resource.delete" | "token.create" | "token.change" | "token.delete" | "people.set_up" | "session.create" | "session.refused" | "session.end" | "password.change" | "password.link" | "password.reset" | "user.invite" | "user.uninvite" | "user.join" | "user.change" | "user.remove" | "passkey.add" | "passkey.remove" | "portal.link" | "second_factor.add" | "second_factor.remove" | "plan.create" | "plan.change" | "plan.delete" | "keys.rotate" | "keys.finish";
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                    /** @description `installation`: what is for no account */
                    of?: "installation";
                    /** @description changes of this kind of thing, such as `triggers` */
                    resource?: string;
                    /** @description from this time on: a day, or a time such as 2026-11-17T08:00:00Z */
                    since?: string;
                    /** @description changes of the one with this id */
                    target?: string;
                    /** @description by this token */
                    token_id?: string;
                    /** @description before this time */
                    until?: string;
                    /** @description by this user */
                    user_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["AuditEntry"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The same as lines of JSON, oldest first
         * @description Needs the permission `read` on `operator`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description of this account */
                    account_id?: string;
                    /** @description of this kind */
                    action?: "account.create" | "account.change" | "account.suspend" | "account.resume" | "account.close" | "account.restore" | "account.deleted" | "resource.create" | "resource.change" | "resource.delete" | "token.create" | "token.change" | "token.delete" | "people.set_up" | "session.create" | "session.refused" | "session.end" | "password.change" | "password.link" | "password.reset" | "user.invite" | "user.uninvite" | "user.join" | "user.change" | "user.remove" | "passkey.add" | "passkey.remove" | "portal.link" | "second_factor.add" | "second_factor.remove" | "plan.create" | "plan.change" | "plan.delete" | "keys.rotate" | "keys.finish";
                    /** @description `installation`: what is for no account */
                    of?: "installation";
                    /** @description changes of this kind of thing, such as `triggers` */
                    resource?: string;
                    /** @description from this time on: a day, or a time such as 2026-11-17T08:00:00Z */
                    since?: string;
                    /** @description changes of the one with this id */
                    target?: string;
                    /** @description by this token */
                    token_id?: string;
                    /** @description before this time */
                    until?: string;
                    /** @description by this user */
                    user_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-ndjson": components["schemas"]["AuditEntry"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/deletions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reports of accounts that were deleted, or are being deleted
         * @description Needs the permission `read` on `operator`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["DeletionReport"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/deletions/{account}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The report of one
         * @description Needs the permission `read` on `operator`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    account: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeletionReport"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the master key is being replaced, and how far that is
         * @description Needs the permission `read` on `operator`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MasterKeyState"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/keys/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ends it: the old master key opens nothing any more
         * @description Needs the permission `update` on `operator`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MasterKeyState"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/keys/reseal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Seals a portion of the accounts' keys by the new master key
         * @description Needs the permission `update` on `operator`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description false: ask again */
                            done: boolean;
                            /** @description accounts whose keys were sealed anew now */
                            resealed: number;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/keys/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begins to put a new master key in the place of the one that there is
         * @description Needs the permission `update` on `operator`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /**
                         * Format: base64
                         * @description one is made where it is left out
                         */
                        key?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description in base64; shown this once */
                            key: string;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The plans of the installation, by name
         * @description Needs the permission `read` on `operator`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Plan"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Makes a plan: limits and bounds that accounts are put on
         * @description Needs the permission `create` on `operator`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description how many things of each kind: docs/limits.md; null, or left out: the installation's */
                        bounds?: {
                            [key: string]: number | null;
                        };
                        description?: string | null;
                        /** @description of runs and time: docs/replay.md; null, or left out: the installation's */
                        limits?: {
                            /** @description null: the installation's; 0: none */
                            concurrent_runs?: number | null;
                            /** @description null: the installation's; 0: none */
                            execution_seconds_per_minute?: number | null;
                            /** @description null: the installation's; 0: none */
                            payload_bytes?: number | null;
                            /** @description null: the installation's; 0: none */
                            queued_runs?: number | null;
                            /** @description null: the installation's; 0: none */
                            runs_per_minute?: number | null;
                        };
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Plan"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/plans/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A plan
         * @description Needs the permission `read` on `operator`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Plan"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Deletes a plan that no account is on
         * @description Needs the permission `delete` on `operator`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Changes a plan, for all accounts that are on it
         * @description Needs the permission `update` on `operator`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description how many things of each kind: docs/limits.md; null, or left out: the installation's */
                        bounds?: {
                            [key: string]: number | null;
                        };
                        description?: string | null;
                        /** @description of runs and time: docs/replay.md; null, or left out: the installation's */
                        limits?: {
                            /** @description null: the installation's; 0: none */
                            concurrent_runs?: number | null;
                            /** @description null: the installation's; 0: none */
                            execution_seconds_per_minute?: number | null;
                            /** @description null: the installation's; 0: none */
                            payload_bytes?: number | null;
                            /** @description null: the installation's; 0: none */
                            queued_runs?: number | null;
                            /** @description null: the installation's; 0: none */
                            runs_per_minute?: number | null;
                        };
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Plan"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/operator/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What each account used on each day, live and test
         * @description Needs the permission `read` on `operator`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description of that account */
                    account_id?: string;
                    /** @description the `next` of the page before */
                    after?: string;
                    /** @description `csv`: the page as CSV; the header `Millrace-Next` has `next` */
                    format?: "json" | "csv";
                    /** @description the first day, in UTC; usually the first of this month */
                    from?: string;
                    limit?: number;
                    /** @description the last day; usually today */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                account_id: string;
                                attempts: number;
                                bytes_in: number;
                                bytes_out: number;
                                cold_starts: number;
                                /** Format: date */
                                date: string;
                                execution_seconds: number;
                                /** @description those that did not succeed and were not cancelled */
                                failed_runs: number;
                                gb_seconds: number;
                                /** @enum {string} */
                                mode: "live" | "test";
                                runs: number;
                            }[];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/packages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which packages functions may have
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description names, in order; null: every package is */
                            allowed: string[] | null;
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/password-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks for a link to set a new password, by mail
         * @description For everybody.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * @description whether or not the address is of anybody
                             * @constant
                             */
                            accepted: true;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/password-links/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sets a new password by the link; every session of the person ends
         * @description For everybody.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        password: string;
                        /** @description what stands behind the # of the link */
                        secret: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payment-profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Payment profiles, newest first
         * @description Needs the permission `read` on `payment_profiles`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["PaymentProfile"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Makes a payment profile
         * @description Needs the permission `create` on `payment_profiles`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default true */
                        enabled?: boolean;
                        name: string;
                        nodes: ({
                            id: string;
                            /** @default null */
                            next?: string | null;
                            /** @constant */
                            type: "start_payment_request";
                        } | {
                            /** @default 5000 */
                            deadline_ms?: number;
                            fallback?: unknown;
                            function_id: string;
                            id: string;
                            /**
                             * @default wait
                             * @enum {string}
                             */
                            manner?: "wait" | "separate";
                            /** @default null */
                            next?: string | null;
                            /** @default null */
                            on_error?: string | null;
                            /** @constant */
                            type: "run_function";
                        } | {
                            conditions: {
                                /** @enum {string} */
                                operator: "equals" | "not_equals" | "greater" | "less" | "contains" | "exists" | "missing" | "in";
                                path: string;
                                value?: unknown;
                            }[];
                            id: string;
                            /**
                             * @default all
                             * @enum {string}
                             */
                            match?: "all" | "any";
                            /** @default null */
                            on_fail?: string | null;
                            /** @default null */
                            on_pass?: string | null;
                            /** @constant */
                            type: "filter";
                        } | {
                            id: string;
                            result: unknown;
                            /** @constant */
                            type: "result";
                        })[];
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PaymentProfile"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payment-profiles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One payment profile
         * @description Needs the permission `read` on `payment_profiles`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PaymentProfile"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Removes a payment profile
         * @description Needs the permission `delete` on `payment_profiles`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Writes all of a payment profile
         * @description Needs the permission `update` on `payment_profiles`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default true */
                        enabled?: boolean;
                        name: string;
                        nodes: ({
                            id: string;
                            /** @default null */
                            next?: string | null;
                            /** @constant */
                            type: "start_payment_request";
                        } | {
                            /** @default 5000 */
                            deadline_ms?: number;
                            fallback?: unknown;
                            function_id: string;
                            id: string;
                            /**
                             * @default wait
                             * @enum {string}
                             */
                            manner?: "wait" | "separate";
                            /** @default null */
                            next?: string | null;
                            /** @default null */
                            on_error?: string | null;
                            /** @constant */
                            type: "run_function";
                        } | {
                            conditions: {
                                /** @enum {string} */
                                operator: "equals" | "not_equals" | "greater" | "less" | "contains" | "exists" | "missing" | "in";
                                path: string;
                                value?: unknown;
                            }[];
                            id: string;
                            /**
                             * @default all
                             * @enum {string}
                             */
                            match?: "all" | "any";
                            /** @default null */
                            on_fail?: string | null;
                            /** @default null */
                            on_pass?: string | null;
                            /** @constant */
                            type: "filter";
                        } | {
                            id: string;
                            result: unknown;
                            /** @constant */
                            type: "result";
                        })[];
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PaymentProfile"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/payment-profiles/{id}/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decides a payment request: answers when the profile has been gone through
         * @description Needs the permission `create` on `hosted_function_executions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description what is known of the payment: amounts, customer, ... */
                        payment_request: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PaymentDecision"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/platform": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the installation is: for the operator
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Platform"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/portal-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The portal that is open: whose, until when, and what it shows
         * @description For those who are signed in.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            account_id: string;
                            address: string | null;
                            /** Format: date-time */
                            created_at: string;
                            /** Format: date-time */
                            expires_at: string;
                            features: {
                                /** @enum {string} */
                                feature: "code" | "runs" | "inputs" | "variables" | "settings";
                                function_id: string | null;
                            }[];
                            /** @description origins whose pages may frame the portal */
                            frame_ancestors: string[];
                            id: string;
                            /** @enum {string} */
                            mode: "live" | "test";
                            return_url: string | null;
                            /** @enum {string} */
                            role: "owner" | "developer" | "viewer";
                            theme: {
                                [key: string]: string;
                            };
                            user: {
                                external_id: string;
                                id: string;
                                name: string;
                            };
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Opens a portal by its link
         * @description For everybody.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description what stands behind the # of the link */
                        secret: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            account_id: string;
                            address: string | null;
                            /** Format: date-time */
                            created_at: string;
                            /** Format: date-time */
                            expires_at: string;
                            features: {
                                /** @enum {string} */
                                feature: "code" | "runs" | "inputs" | "variables" | "settings";
                                function_id: string | null;
                            }[];
                            /** @description origins whose pages may frame the portal */
                            frame_ancestors: string[];
                            id: string;
                            /** @enum {string} */
                            mode: "live" | "test";
                            return_url: string | null;
                            /** @enum {string} */
                            role: "owner" | "developer" | "viewer";
                            theme: {
                                [key: string]: string;
                            };
                            /** @description for `Authorization: Portal <token>`; shown this once */
                            token: string;
                            user: {
                                external_id: string;
                                id: string;
                                name: string;
                            };
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        /**
         * Closes the portal
         * @description For those who are signed in.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/portals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Portal ids that this account had elsewhere
         * @description Needs the permission `read` on `accounts`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                created_at: string | null;
                                portal_id: number;
                            }[];
                            next: null;
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Lets pages go on naming the portal id that this account had elsewhere
         * @description Needs the permission `update` on `accounts`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description number of the account that it is for; only the first account may give names to others */
                        account_number?: number;
                        portal_id: number;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            created_at: string | null;
                            portal_id: number;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        /**
         * Forgets the portal id named by `?portal_id=`
         * @description Needs the permission `update` on `accounts`.
         */
        delete: {
            parameters: {
                query?: {
                    portal_id?: number;
                };
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            deleted: boolean;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Saved queries, newest first
         * @description Needs the permission `read` on `queries`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Query"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Saves a query
         * @description Needs the permission `create` on `queries`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @default {
                         *       "preset": "all_time"
                         *     }
                         */
                        date_range?: {
                            /** @enum {string} */
                            preset: "last_24_hours" | "today" | "yesterday" | "this_week" | "last_week" | "last_7_days" | "last_30_days" | "last_90_days" | "this_month" | "last_month" | "this_year" | "last_year" | "all_time";
                        } | {
                            /** Format: date */
                            from: string;
                            /** Format: date */
                            to: string;
                        };
                        /** @default true */
                        enabled?: boolean;
                        /** @default [] */
                        filters?: {
                            field: string;
                            /** @enum {string} */
                            operator: "equals" | "not_equals" | "greater" | "less" | "contains" | "exists" | "missing" | "in";
                            value?: (string | number | boolean) | (string | number | boolean)[];
                        }[];
                        /** @default null */
                        frequency?: ({
                            cron: string;
                            /** @default UTC */
                            time_zone?: string;
                        } | {
                            every_s: number;
                        }) | null;
                        /**
                         * @description is given the results
                         * @default null
                         */
                        function_id?: string | null;
                        /** @default null */
                        group_by?: string | null;
                        metrics: {
                            /** @default null */
                            field?: string | null;
                            /** @enum {string} */
                            function: "count" | "sum" | "avg" | "min" | "max";
                        }[];
                        name: string;
                        source: {
                            item_type: string;
                            /** @constant */
                            kind: "events";
                        } | {
                            /** @constant */
                            kind: "runs";
                        } | {
                            /** @constant */
                            kind: "key_values";
                        } | {
                            connection: string;
                            /** @default null */
                            date_column?: string | null;
                            /** @constant */
                            kind: "external";
                            table: string;
                        };
                        /** @default UTC */
                        time_zone?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Query"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One query
         * @description Needs the permission `read` on `queries`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Query"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Removes a query; its executions stay
         * @description Needs the permission `delete` on `queries`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Writes all of a query
         * @description Needs the permission `update` on `queries`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @default {
                         *       "preset": "all_time"
                         *     }
                         */
                        date_range?: {
                            /** @enum {string} */
                            preset: "last_24_hours" | "today" | "yesterday" | "this_week" | "last_week" | "last_7_days" | "last_30_days" | "last_90_days" | "this_month" | "last_month" | "this_year" | "last_year" | "all_time";
                        } | {
                            /** Format: date */
                            from: string;
                            /** Format: date */
                            to: string;
                        };
                        /** @default true */
                        enabled?: boolean;
                        /** @default [] */
                        filters?: {
                            field: string;
                            /** @enum {string} */
                            operator: "equals" | "not_equals" | "greater" | "less" | "contains" | "exists" | "missing" | "in";
                            value?: (string | number | boolean) | (string | number | boolean)[];
                        }[];
                        /** @default null */
                        frequency?: ({
                            cron: string;
                            /** @default UTC */
                            time_zone?: string;
                        } | {
                            every_s: number;
                        }) | null;
                        /**
                         * @description is given the results
                         * @default null
                         */
                        function_id?: string | null;
                        /** @default null */
                        group_by?: string | null;
                        metrics: {
                            /** @default null */
                            field?: string | null;
                            /** @enum {string} */
                            function: "count" | "sum" | "avg" | "min" | "max";
                        }[];
                        name: string;
                        source: {
                            item_type: string;
                            /** @constant */
                            kind: "events";
                        } | {
                            /** @constant */
                            kind: "runs";
                        } | {
                            /** @constant */
                            kind: "key_values";
                        } | {
                            connection: string;
                            /** @default null */
                            date_column?: string | null;
                            /** @constant */
                            kind: "external";
                            table: string;
                        };
                        /** @default UTC */
                        time_zone?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Query"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/queries/{id}/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Executions of one query, newest first
         * @description Needs the permission `read` on `queries`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["QueryExecution"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queries/{id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Executes a query once, now: answers when that is on disk
         * @description Needs the permission `create` on `queries`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["QueryExecution"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queries/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answers a query that is not saved; no function is run
         * @description Needs the permission `create` on `queries`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @default {
                         *       "preset": "all_time"
                         *     }
                         */
                        date_range?: {
                            /** @enum {string} */
                            preset: "last_24_hours" | "today" | "yesterday" | "this_week" | "last_week" | "last_7_days" | "last_30_days" | "last_90_days" | "this_month" | "last_month" | "this_year" | "last_year" | "all_time";
                        } | {
                            /** Format: date */
                            from: string;
                            /** Format: date */
                            to: string;
                        };
                        /** @default [] */
                        filters?: {
                            field: string;
                            /** @enum {string} */
                            operator: "equals" | "not_equals" | "greater" | "less" | "contains" | "exists" | "missing" | "in";
                            value?: (string | number | boolean) | (string | number | boolean)[];
                        }[];
                        /** @default null */
                        group_by?: string | null;
                        metrics: {
                            /** @default null */
                            field?: string | null;
                            /** @enum {string} */
                            function: "count" | "sum" | "avg" | "min" | "max";
                        }[];
                        source: {
                            item_type: string;
                            /** @constant */
                            kind: "events";
                        } | {
                            /** @constant */
                            kind: "runs";
                        } | {
                            /** @constant */
                            kind: "key_values";
                        } | {
                            connection: string;
                            /** @default null */
                            date_column?: string | null;
                            /** @constant */
                            kind: "external";
                            table: string;
                        };
                        /** @default UTC */
                        time_zone?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            is_truncated: boolean;
                            query_results: ({
                                group_by_value: unknown;
                            } & {
                                [key: string]: unknown;
                            })[];
                            range_from: string | null;
                            range_to: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/query-connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * External databases that the account may read
         * @description Needs the permission `read` on `queries`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                kind: string;
                                name: string;
                            }[];
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/query-executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Executions of queries, newest first
         * @description Needs the permission `read` on `queries`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                    /** @description of that query */
                    query_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["QueryExecution"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/query-executions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of them, with its results
         * @description Needs the permission `read` on `queries`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["QueryExecution"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Runs of every function, newest first
         * @description Needs the permission `read` on `function_runs`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    /** @description a day, or a time such as 2026-11-17T08:00:00Z */
                    created_after?: string;
                    /** @description as created_after */
                    created_before?: string;
                    /** @description caused by that event */
                    event_id?: string;
                    /** @description of that function */
                    function_id?: string;
                    /** @description caused by the newest 1,000 events of that item */
                    item_id?: string;
                    limit?: number;
                    /** @description of the newest 1,000 runs that a request with that `X-Request-Id` caused */
                    request_id?: string;
                    /** @description one or several, apart by commas: `queued`, `running`, `succeeded`, `failed`, `timed_out`, `out_of_memory`, `crashed`, `cancelled`, `dead` */
                    status?: string;
                    /** @description of the newest 1,000 runs of that trace (W3C, 32 digits) */
                    trace_id?: string;
                    /** @description what kind of thing started it: `account_event`, ... */
                    trigger?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Run"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One run
         * @description Needs the permission `read` on `function_runs`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Run"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/{id}/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A run's outgoing calls, refused ones too, as the kernel has them
         * @description Needs the permission `read` on `function_runs`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["OutgoingCall"][];
                            /** @description there were more in a short time than could be followed */
                            incomplete: boolean;
                            /** @description beyond what is kept of a run */
                            left_out: number;
                            /** Format: uuid */
                            run_id: string;
                            /** @description why some or all of them are missing; null: none are, but for what is left out */
                            unseen: ("switched_off" | "not_watched") | null;
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ends a run: one that waits at once, one that is going on within a moment
         * @description Needs the permission `update` on `function_runs`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Run"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/{id}/contents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Forgets what a run was given, returned and printed, and the words of its errors
         * @description Needs the permission `delete` on `function_runs` and the permission `delete` on `run_contents`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/{id}/error": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A run's error: its frames, and the source around those of the function's own code
         * @description Needs the permission `read` on `function_runs` and the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description the group of /errors that it is of */
                            error_group: string | null;
                            /** @description the innermost first */
                            frames: {
                                column: number | null;
                                file: string | null;
                                line: number | null;
                                name: string | null;
                                /** @description by the source map of the code */
                                original: {
                                    column: number;
                                    file: string;
                                    line: number;
                                } | null;
                                /** @description whether it is the function's own code */
                                own: boolean;
                                /** @description the lines around it: of `original`, where its text is known */
                                source: {
                                    line: number;
                                    text: string;
                                }[] | null;
                            }[];
                            message: string;
                            stack: string;
                            type: string;
                            version: number;
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/{id}/input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The input of a run, while it is kept
         * @description Needs the permission `read` on `run_contents`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RunInput"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a run printed, between START, END and REPORT
         * @description Needs the permission `read` on `function_runs`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    /** @description `text`: the whole log as text, without pages */
                    format?: "json" | "text";
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["LogLine"][];
                            next: string | null;
                        };
                        "text/plain": string;
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/{id}/logs/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a run prints, while it goes on: events `line`, `end`, `dropped`
         * @description Needs the permission `read` on `function_runs`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Runs a run again, as a new one, with the same input or another
         * @description Needs the permission `create` on `function_runs`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        input?: {
                            /** @description of every other trigger */
                            data?: unknown;
                            /** @description of an account event */
                            event?: {
                                campaign: string | null;
                                data: unknown;
                                date: string;
                                id: string;
                                itemId: string;
                                itemType: string;
                                notations: string[];
                                related: {
                                    [key: string]: unknown;
                                };
                                shop: string | null;
                                type: string;
                            };
                            /** @description of an account event: the one that fired */
                            notation?: string;
                            /** @description of a call over HTTP */
                            request?: {
                                body: string | null;
                                httpVersion: string;
                                ip: string;
                                isBase64: boolean;
                                method: string;
                                /** Format: starts_with */
                                path: string;
                                query: string;
                                rawHeaders: string[];
                                receivedAtMs: number;
                            };
                            source: {
                                facts?: {
                                    [key: string]: string | null;
                                };
                                id: string | null;
                                name: string | null;
                            };
                            /** @enum {string} */
                            trigger: "http" | "account_event" | "webhook" | "function_url" | "schedule" | "subscription" | "flow" | "email_template" | "auto_query" | "payment_profile" | "ai_assistant" | "api_direct";
                        };
                        /**
                         * @description `same`: the one that the run ran; `active`: the one that is active when the new run begins
                         * @default active
                         */
                        version?: ("same" | "active") | number;
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Run"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/{id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the function returned, while it is kept
         * @description Needs the permission `read` on `run_contents`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            result: unknown;
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The life of a run: what it waited for, and each attempt
         * @description Needs the permission `read` on `function_runs`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            accepted_at: string;
                            attempts: {
                                attempt: number;
                                duration_ms: number | null;
                                ended_at: string | null;
                                error_type: string | null;
                                /** @description of these: starting the runtime and loading the code */
                                init_ms: number | null;
                                /** @description `warm`: it had run before; `ahead`: started before it was needed; `stock`, `cold`: started for this */
                                sandbox: ("warm" | "ahead" | "stock" | "cold") | null;
                                /** @description until there was a place in a sandbox */
                                sandbox_wait_ms: number | null;
                                /** @description when its code was called */
                                started_at: string | null;
                                /** @enum {string} */
                                status: "queued" | "running" | "succeeded" | "failed" | "timed_out" | "out_of_memory" | "crashed" | "cancelled" | "dead";
                            }[];
                            /** @description its outgoing calls */
                            calls: components["schemas"]["OutgoingCall"][];
                            /** @description why some or all are missing */
                            calls_unseen: ("switched_off" | "not_watched") | null;
                            /** @description from when its last attempt might begin */
                            due_at: string | null;
                            ended_at: string | null;
                            /** Format: uuid */
                            run_id: string;
                            /** @description of the last attempt: from then until its code was called */
                            wait_ms: number | null;
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Runs many things again, oldest first
         * @description Needs the permission `create` on `function_runs`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description the `next` of an earlier answer; the rest must be as it was */
                        after?: string | null;
                        filter: {
                            /** Format: date-time */
                            created_after?: string;
                            /** Format: date-time */
                            created_before?: string;
                            /** @description of the faults that are alike: the id of one of /errors */
                            error_group?: string;
                            /** @description the type of the run's error */
                            error_type?: string;
                            function_id?: string;
                            run_ids?: string[];
                            /** @description any of them */
                            status?: ("queued" | "running" | "succeeded" | "failed" | "timed_out" | "out_of_memory" | "crashed" | "cancelled" | "dead")[];
                            /** @description what kind of thing started it: `account_event`, ... */
                            trigger?: string;
                        };
                        /** @default 100 */
                        limit?: number;
                        /**
                         * @description `same`: the one that the run ran; `active`: the one that is active when the new run begins
                         * @default active
                         */
                        version?: ("same" | "active") | number;
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReplayBatch"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Runs with a text in their log or error, newest first: as far as a moment goes
         * @description Needs the permission `read` on `function_runs`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    /** @description begins here; rounded down to a step */
                    from?: string;
                    /** @description of that function */
                    function_id?: string;
                    limit?: number;
                    /** @description required; regardless of the case of A to Z; at least 3 characters */
                    text?: string;
                    /** @description ends before this; rounded up to a step. Usually now */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                /** @description that have the text, the first five */
                                lines: {
                                    /** Format: date-time */
                                    at: string;
                                    number: number;
                                    /** @enum {string} */
                                    stream: "stdout" | "stderr" | "platform";
                                    text: string;
                                }[];
                                run: components["schemas"]["Run"];
                            }[];
                            /** @description runs that this answer is made of */
                            looked_at: number;
                            /**
                             * Format: date-time
                             * @description down to here nothing was left out
                             */
                            looked_back_to: string;
                            /** @description hand it back as `after`; null: the whole span was looked at */
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What becomes of runs, as it happens: events `open`, `run`, `gap`, `dropped`
         * @description Needs the permission `read` on `function_runs`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description of that function */
                    function_id?: string;
                    /** @description one or several, apart by commas: `queued`, `running`, `succeeded`, `failed`, `timed_out`, `out_of_memory`, `crashed`, `cancelled`, `dead` */
                    status?: string;
                    /** @description what kind of thing started it: `account_event`, ... */
                    trigger?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runtimes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The runtimes that functions may name, and what runs each here
         * @description Needs the permission `read` on `hosted_functions`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Runtimes"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Checks a cron expression and shows the next runs
         * @description Needs the permission `read` on `hosted_functions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description how many of the next runs are shown
                         * @default 5
                         */
                        count?: number;
                        cron: string;
                        /**
                         * Format: date-time
                         * @description runs after this time are shown; now, where it is left out
                         */
                        from?: string;
                        /** @default UTC */
                        time_zone?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cron: string;
                            next_runs: {
                                /** Format: date-time */
                                at: string;
                                /** @description `skipped`: for a time that the clocks skip; `repeated`: at one that they show twice */
                                clock_change: ("skipped" | "repeated") | null;
                                /** @description by the zone's clocks */
                                local: string;
                            }[];
                            time_zone: string;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in, and what they may do in which account
         * @description For those who are signed in.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Millrace-Account names one of them in every other request */
                            accounts: {
                                account_id: string;
                                /** @description what you may do in it */
                                permissions: {
                                    [key: string]: {
                                        [key: string]: boolean;
                                    };
                                };
                                /** @enum {string} */
                                role: "operator" | "owner" | "developer" | "viewer";
                                user_id: string;
                            }[];
                            /** @description from which it was begun */
                            address: string | null;
                            /** Format: date-time */
                            created_at: string;
                            email: string;
                            /**
                             * Format: date-time
                             * @description at the latest; earlier where it is not used
                             */
                            expires_at: string;
                            id: string;
                            /**
                             * Format: date-time
                             * @description to the minute
                             */
                            last_used_at: string;
                            name: string;
                            /** @description whether a sign-in by password asks for a code */
                            second_factor: boolean;
                            user_agent: string | null;
                            /**
                             * @description how it was begun
                             * @enum {string}
                             */
                            way: "password" | "passkey" | "openid";
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Signs in
         * @description For everybody.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description of the second factor, where there is one; or a recovery code */
                        code?: string;
                        email: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        /**
         * Signs out
         * @description For those who are signed in.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/openid": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sends the browser to the provider, to sign in
         * @description For everybody.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                302: {
                    headers: {
                        /** @description where the browser goes on */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/openid/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Takes the browser back from the provider: signs in, and sends it to the console
         * @description For everybody.
         */
        get: {
            parameters: {
                query?: {
                    code?: string;
                    error?: string;
                    error_description?: string;
                    iss?: string;
                    session_state?: string;
                    state?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                302: {
                    headers: {
                        /** @description where the browser goes on */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs in by a passkey
         * @description For everybody.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description the browser's credential, as its toJSON() says it */
                        answer: {
                            /** @default {} */
                            clientExtensionResults?: {
                                [key: string]: unknown;
                            };
                            id: string;
                            rawId: string;
                            response: {
                                [key: string]: unknown;
                            };
                            /** @constant */
                            type: "public-key";
                        };
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/passkey/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begins signing in by a passkey
         * @description For everybody.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: unknown;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your passkeys
         * @description For those who are signed in.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Passkey"][];
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Adds a passkey
         * @description For those who are signed in.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description the browser's credential, as its toJSON() says it */
                        answer: {
                            /** @default {} */
                            clientExtensionResults?: {
                                [key: string]: unknown;
                            };
                            id: string;
                            rawId: string;
                            response: {
                                [key: string]: unknown;
                            };
                            /** @constant */
                            type: "public-key";
                        };
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Passkey"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/passkeys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Removes a passkey
         * @description For those who are signed in.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/passkeys/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begins a new passkey, with your password
         * @description For those who are signed in.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        password?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: unknown;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Changes your password; all your other sessions end
         * @description For those who are signed in.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description left out by a person who signs in another way */
                        current?: string | null;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begins a second factor: a secret for your authenticator
         * @description For those who are signed in.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        password?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            secret: string;
                            /** @description for a QR code */
                            url: string;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        /**
         * Removes your second factor
         * @description For those who are signed in.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        password?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/second-factor/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sets the second factor up, by a first code; from now on, every sign-in by password asks for one
         * @description For those who are signed in.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        code: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description each for one use; shown this once */
                            recovery_codes: string[];
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ways to sign in besides passwords and passkeys
         * @description For everybody.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description by the provider of the operator: GET /session/openid */
                            openid: boolean;
                            /** @description whether POST /password-links sends mails */
                            password_links: boolean;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your sessions, the one used last first
         * @description For those who are signed in.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                /** @description from which it was begun */
                                address: string | null;
                                /** Format: date-time */
                                created_at: string;
                                /** @description whether it is this one */
                                current: boolean;
                                /**
                                 * Format: date-time
                                 * @description at the latest; earlier where it is not used
                                 */
                                expires_at: string;
                                id: string;
                                /**
                                 * Format: date-time
                                 * @description to the minute
                                 */
                                last_used_at: string;
                                user_agent: string | null;
                                /**
                                 * @description how it was begun
                                 * @enum {string}
                                 */
                                way: "password" | "passkey" | "openid";
                            }[];
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Ends all your sessions but this one
         * @description For those who are signed in.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ended: number;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Ends one of your sessions
         * @description For those who are signed in.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes the first person, who operates the installation; once
         * @description Needs the permission `create` on `operator`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        name: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            account_id: string;
                            email: string;
                            user_id: string;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/setup/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes the first person by the link that a start has shown, and signs in; once
         * @description For everybody.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        name: string;
                        password: string;
                        /** @description what stands behind the # of the link */
                        secret: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/smtp_profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The SMTP profiles of the account
         * @description Needs the permission `read` on `smtp_profiles`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["SmtpProfile"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Adds an SMTP profile
         * @description Needs the permission `create` on `smtp_profiles`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        host?: string;
                        /** @description sends what names no profile */
                        is_default?: boolean;
                        name?: string;
                        /** @description never shown again */
                        password?: string | null;
                        port?: number;
                        /** @enum {string} */
                        security?: "tls" | "starttls" | "none";
                        sender?: string;
                        username?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SmtpProfile"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/smtp_profiles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An SMTP profile
         * @description Needs the permission `read` on `smtp_profiles`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SmtpProfile"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Deletes an SMTP profile
         * @description Needs the permission `delete` on `smtp_profiles`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            deleted: boolean;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Changes an SMTP profile
         * @description Needs the permission `update` on `smtp_profiles`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        host?: string;
                        /** @description sends what names no profile */
                        is_default?: boolean;
                        name?: string;
                        /** @description never shown again */
                        password?: string | null;
                        port?: number;
                        /** @enum {string} */
                        security?: "tls" | "starttls" | "none";
                        sender?: string;
                        username?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SmtpProfile"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Event subscriptions, newest first
         * @description Needs the permission `read` on `event_subscriptions`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    /** @description what they ask for */
                    event_type?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Subscription"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Sends events of a type to an address, or by e-mail
         * @description Needs the permission `create` on `event_subscriptions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description never shown but for the name */
                        basic_auth?: {
                            password: string;
                            username: string;
                        } | null;
                        description?: string | null;
                        destination: string;
                        enabled?: boolean;
                        event_type: string;
                        /** @enum {string} */
                        format?: "json" | "xml" | "html";
                        /** @description signs as well, beside `signing_key`, while the receiver changes its key; never shown */
                        former_signing_key?: string | null;
                        /** @description sent along; never shown but for the name */
                        header?: {
                            name: string;
                            value: string;
                        } | null;
                        /**
                         * @default http
                         * @enum {string}
                         */
                        method?: "http" | "email";
                        /** @description signs by Standard Webhooks; never shown */
                        signing_key?: string | null;
                        /** @description sent along with every event; never shown */
                        variables?: {
                            [key: string]: string;
                        } | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Subscription"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/subscriptions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One event subscription, without its secrets
         * @description Needs the permission `read` on `event_subscriptions`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Subscription"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Deletes an event subscription; what is on its way to it fails
         * @description Needs the permission `delete` on `event_subscriptions`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Changes an event subscription; secrets that are left out stay
         * @description Needs the permission `update` on `event_subscriptions`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description never shown but for the name */
                        basic_auth?: {
                            password: string;
                            username: string;
                        } | null;
                        description?: string | null;
                        /** @description an address; or e-mail addresses, separated by commas */
                        destination?: string;
                        enabled?: boolean;
                        /** @description a type or notation of an event */
                        event_type?: string;
                        /** @enum {string} */
                        format?: "json" | "xml" | "html";
                        /** @description signs as well, beside `signing_key`, while the receiver changes its key; never shown */
                        former_signing_key?: string | null;
                        /** @description sent along; never shown but for the name */
                        header?: {
                            name: string;
                            value: string;
                        } | null;
                        /** @description signs by Standard Webhooks; never shown */
                        signing_key?: string | null;
                        /** @description sent along with every event; never shown */
                        variables?: {
                            [key: string]: string;
                        } | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Subscription"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/subscriptions/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends a made-up event to the destination, now and once
         * @description Needs the permission `update` on `event_subscriptions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        data?: unknown;
                        /** @description the subscription's own, where it is left out */
                        type?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            delivered: boolean;
                            problem: string | null;
                            /** @description its first 10000 characters */
                            reply: string | null;
                            /** @description of the function, where the destination is one */
                            run_id: string | null;
                            /** @description that the destination answered */
                            status: number | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/template-mails": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Mails that templates became, newest first
         * @description Needs the permission `read` on `email_templates`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                    /** @description of that template */
                    template_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["TemplateMail"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/template-mails/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of them
         * @description Needs the permission `read` on `email_templates`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TemplateMail"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tokens of your account and mode, newest first
         * @description Needs the permission `read` on `auths`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Token"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Makes a token, of no more permissions than yours
         * @description Needs the permission `create` on `auths`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        expires_at?: string | null;
                        /**
                         * @description live where it is left out
                         * @enum {string}
                         */
                        mode?: "live" | "test";
                        name?: string | null;
                        permissions: {
                            /** @default true */
                            allow?: boolean;
                            methods: ("*" | "read" | "create" | "update" | "delete")[];
                            /** @enum {string} */
                            resource: "*" | "accounts" | "assistants" | "auths" | "email_templates" | "event_subscriptions" | "event_test_templates" | "events" | "flows" | "function_runs" | "function_values" | "hosted_function_executions" | "hosted_functions" | "key_values" | "operator" | "payment_profiles" | "queries" | "run_contents" | "settings" | "smtp_profiles" | "triggers" | "users";
                        }[];
                        /** @description with a live token: also one with the same permissions for test, which ends with it */
                        test_twin?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            account_id: string;
                            /** Format: date-time */
                            created_at: string;
                            expires_at: string | null;
                            id: string;
                            last_used_at: string | null;
                            masked: string;
                            /** @enum {string} */
                            mode: "live" | "test";
                            name: string | null;
                            permissions: {
                                /** @default true */
                                allow: boolean;
                                methods: ("*" | "read" | "create" | "update" | "delete")[];
                                /** @enum {string} */
                                resource: "*" | "accounts" | "assistants" | "auths" | "email_templates" | "event_subscriptions" | "event_test_templates" | "events" | "flows" | "function_runs" | "function_values" | "hosted_function_executions" | "hosted_functions" | "key_values" | "operator" | "payment_profiles" | "queries" | "run_contents" | "settings" | "smtp_profiles" | "triggers" | "users";
                            }[];
                            test_twin: {
                                account_id: string;
                                /** Format: date-time */
                                created_at: string;
                                expires_at: string | null;
                                id: string;
                                last_used_at: string | null;
                                masked: string;
                                /** @enum {string} */
                                mode: "live" | "test";
                                name: string | null;
                                permissions: {
                                    /** @default true */
                                    allow: boolean;
                                    methods: ("*" | "read" | "create" | "update" | "delete")[];
                                    /** @enum {string} */
                                    resource: "*" | "accounts" | "assistants" | "auths" | "email_templates" | "event_subscriptions" | "event_test_templates" | "events" | "flows" | "function_runs" | "function_values" | "hosted_function_executions" | "hosted_functions" | "key_values" | "operator" | "payment_profiles" | "queries" | "run_contents" | "settings" | "smtp_profiles" | "triggers" | "users";
                                }[];
                                /** @description shown this once */
                                token: string;
                                /** @description the live token whose test twin it is */
                                twin_of: string | null;
                            } | null;
                            /** @description shown this once */
                            token: string;
                            /** @description the live token whose test twin it is */
                            twin_of: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A token, without its secret part
         * @description Needs the permission `read` on `auths`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Token"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Deletes a token, and its test twin: neither is taken any more
         * @description Needs the permission `delete` on `auths`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Changes name, permissions or expiry of a token
         * @description Needs the permission `update` on `auths`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        expires_at?: string | null;
                        name?: string | null;
                        permissions?: {
                            /** @default true */
                            allow?: boolean;
                            methods: ("*" | "read" | "create" | "update" | "delete")[];
                            /** @enum {string} */
                            resource: "*" | "accounts" | "assistants" | "auths" | "email_templates" | "event_subscriptions" | "event_test_templates" | "events" | "flows" | "function_runs" | "function_values" | "hosted_function_executions" | "hosted_functions" | "key_values" | "operator" | "payment_profiles" | "queries" | "run_contents" | "settings" | "smtp_profiles" | "triggers" | "users";
                        }[];
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Token"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/triggers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Triggers, newest first
         * @description Needs the permission `read` on `triggers`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    /** @description whose they are */
                    function_id?: string;
                    kind?: "account_event" | "webhook" | "function_url" | "schedule";
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Trigger"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        /**
         * Lets something start a function
         * @description Needs the permission `create` on `triggers`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default 0 */
                        delay_ms?: number;
                        /** @default true */
                        enabled?: boolean;
                        function_id: string;
                        /** @enum {string} */
                        kind: "account_event" | "webhook" | "function_url" | "schedule";
                        /** @default null */
                        name?: string | null;
                        /** @description of account_event, webhook, function_url, schedule: docs/triggers.md */
                        settings?: {
                            /** @default [] */
                            campaigns?: string[];
                            notations: string[];
                            /** @default [] */
                            shops?: string[];
                        } | {
                            /** @default null */
                            allowed_ips?: string[] | null;
                            /** @default null */
                            verification?: {
                                /** @default 300 */
                                replay_window_s?: number;
                                /** @enum {string} */
                                scheme: "standard_webhooks" | "stripe" | "shopify" | "github" | "slack";
                                secrets?: string[];
                            } | null;
                        } | {
                            /** @default null */
                            allowed_ips?: string[] | null;
                        } | {
                            /**
                             * @default {
                             *       "policy": "once"
                             *     }
                             */
                            catch_up?: {
                                /** @constant */
                                policy: "skip";
                            } | {
                                /** @constant */
                                policy: "once";
                            } | {
                                limit: number;
                                /** @constant */
                                policy: "all";
                            };
                            cron: string;
                            /**
                             * @default allow
                             * @enum {string}
                             */
                            overlap?: "allow" | "skip" | "queue_one";
                            /** @default UTC */
                            time_zone?: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        /** @description where it is found, if it has an address */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Trigger"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/triggers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One trigger
         * @description Needs the permission `read` on `triggers`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Trigger"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Deletes a trigger; of the runs that it has caused, those that its pause holds are cancelled
         * @description Needs the permission `delete` on `triggers`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Changes a trigger; `settings` are replaced as a whole
         * @description Needs the permission `update` on `triggers`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        delay_ms?: number;
                        enabled?: boolean;
                        name?: string | null;
                        /** @description the whole of them */
                        settings?: {
                            /** @default [] */
                            campaigns?: string[];
                            notations: string[];
                            /** @default [] */
                            shops?: string[];
                        } | {
                            /** @default null */
                            allowed_ips?: string[] | null;
                            /** @default null */
                            verification?: {
                                /** @default 300 */
                                replay_window_s?: number;
                                /** @enum {string} */
                                scheme: "standard_webhooks" | "stripe" | "shopify" | "github" | "slack";
                                secrets?: string[];
                            } | null;
                        } | {
                            /** @default null */
                            allowed_ips?: string[] | null;
                        } | {
                            /**
                             * @default {
                             *       "policy": "once"
                             *     }
                             */
                            catch_up?: {
                                /** @constant */
                                policy: "skip";
                            } | {
                                /** @constant */
                                policy: "once";
                            } | {
                                limit: number;
                                /** @constant */
                                policy: "all";
                            };
                            cron: string;
                            /**
                             * @default allow
                             * @enum {string}
                             */
                            overlap?: "allow" | "skip" | "queue_one";
                            /** @default UTC */
                            time_zone?: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Trigger"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/triggers/{id}/next-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * When a schedule runs next, as long as it is enabled and not paused
         * @description Needs the permission `read` on `triggers`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description how many of the next runs are shown */
                    count?: number;
                    /** @description runs after this time are shown; now, where it is left out */
                    from?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cron: string;
                            next_runs: {
                                /** Format: date-time */
                                at: string;
                                /** @description `skipped`: for a time that the clocks skip; `repeated`: at one that they show twice */
                                clock_change: ("skipped" | "repeated") | null;
                                /** @description by the zone's clocks */
                                local: string;
                            }[];
                            time_zone: string;
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/triggers/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Holds the runs that it has caused and will cause
         * @description Needs the permission `update` on `triggers`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Trigger"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/triggers/{id}/renew-address": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives a webhook or a function URL another address; the old one is gone
         * @description Needs the permission `update` on `triggers`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Trigger"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/triggers/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Releases the runs that its pause held
         * @description Needs the permission `update` on `triggers`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Trigger"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/triggers/{id}/test-message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends a message to a webhook as its sender would, signed by its first secret
         * @description Needs the permission `update` on `triggers` and the permission `create` on `hosted_function_executions`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /**
                         * @description as it is posted
                         * @default {}
                         */
                        body?: string;
                        /** @default application/json */
                        content_type?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description what the sender would be answered */
                            answer: unknown;
                            /** @description that were sent; signatures are hidden */
                            headers: {
                                [key: string]: string;
                            };
                            /** @description null: nothing runs, because the message came before */
                            run_id: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The people of the account
         * @description Needs the permission `read` on `users`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description the `next` of the page before */
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["User"][];
                            next: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A user of the account
         * @description Needs the permission `read` on `users`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"];
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Takes a person out of the account
         * @description Needs the permission `delete` on `users`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Changes what a user may do
         * @description Needs the permission `update` on `users`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        role?: "operator" | "owner" | "developer" | "viewer";
                        /** @description of a viewer: whether inputs and results of runs, and events, are shown */
                        sees_inputs?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                413: components["responses"]["TooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        trace?: never;
    };
    "/users/{id}/password-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a link by which a user sets a new password, once
         * @description Needs the permission `update` on `users`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sent again with the same key within a day, nothing is done again: the answer is the first one */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description `true`: the answer to the first request with this key */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description for the person; shown this once, and only where the installation sends no mail */
                            link: string | null;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Removes the second factor of a user who has lost it
         * @description Needs the permission `update` on `users`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The sessions of a user
         * @description Needs the permission `update` on `users`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description of what is there, for `If-Match` and `If-None-Match` */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Session"][];
                        };
                    };
                };
                /** @description What `If-None-Match` names is there still */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Ends all sessions of a user
         * @description Needs the permission `update` on `users`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETag of what was read: refused with 412 where something else is there by now */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ended: number;
                        };
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                412: components["responses"]["PreconditionFailed"];
                422: components["responses"]["InvalidState"];
                429: components["responses"]["TooMany"];
                default: components["responses"]["Failed"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AcceptedEvents: {
            data: {
                /** @description it had been published before: nothing was started now */
                duplicate: boolean;
                id: string;
                /** @description what it can be heard under, most specific first */
                notations: string[];
                /** @description the runs that it has started */
                runs: string[];
            }[];
        };
        Account: {
            /** @description how many things of each kind it may have: docs/limits.md */
            bounds: {
                [key: string]: number;
            };
            /** Format: date-time */
            created_at: string;
            /** @description when everything of a closed account is deleted */
            delete_at: string | null;
            dialects: string[] | null;
            egress_deny: string[];
            external_id: string | null;
            id: string;
            labels: {
                [key: string]: string;
            };
            limits: {
                concurrent_runs: number | null;
                execution_seconds_per_minute: number | null;
                /** @description largest body of a request for a function; never above the installation's */
                payload_bytes: number;
                queued_runs: number | null;
                /** @description runs begun; null: there is no such limit */
                runs_per_minute: number | null;
            };
            /** Format: date-time */
            modified_at: string;
            name: string | null;
            /** @description the account id of clients that want a number */
            number: number;
            /** @description what of both the account has of its own, and neither by its plan nor by default */
            own: {
                bounds: {
                    [key: string]: number;
                };
                limits: {
                    [key: string]: number;
                };
            };
            plan: string | null;
            /** @enum {string} */
            status: "active" | "suspended" | "closed";
            status_reason: string | null;
            /** Format: date-time */
            status_since: string;
        };
        AccountLimits: {
            account_id: string;
            /** @description how many things of each kind it may have: docs/limits.md */
            bounds: {
                [key: string]: number;
            };
            concurrent_runs: number | null;
            execution_seconds_per_minute: number | null;
            /** @description largest body of a request for a function; never above the installation's */
            payload_bytes: number;
            queued_runs: number | null;
            /** @description runs begun; null: there is no such limit */
            runs_per_minute: number | null;
        };
        AccountWithUse: {
            /** @description how many things of each kind it may have: docs/limits.md */
            bounds: {
                [key: string]: number;
            };
            /** Format: date-time */
            created_at: string;
            /** @description when everything of a closed account is deleted */
            delete_at: string | null;
            dialects: string[] | null;
            egress_deny: string[];
            external_id: string | null;
            id: string;
            labels: {
                [key: string]: string;
            };
            limits: {
                concurrent_runs: number | null;
                execution_seconds_per_minute: number | null;
                /** @description largest body of a request for a function; never above the installation's */
                payload_bytes: number;
                queued_runs: number | null;
                /** @description runs begun; null: there is no such limit */
                runs_per_minute: number | null;
            };
            /** Format: date-time */
            modified_at: string;
            name: string | null;
            /** @description the account id of clients that want a number */
            number: number;
            /** @description what of both the account has of its own, and neither by its plan nor by default */
            own: {
                bounds: {
                    [key: string]: number;
                };
                limits: {
                    [key: string]: number;
                };
            };
            plan: string | null;
            /** @enum {string} */
            status: "active" | "suspended" | "closed";
            status_reason: string | null;
            /** Format: date-time */
            status_since: string;
            /** @description how much there is of each thing that has a bound: the larger of live and test */
            use: {
                [key: string]: number;
            };
        };
        AuditEntry: {
            /** @description null: the installation itself, or a refused try to sign in that is for no account */
            account_id: string | null;
            /** @enum {string} */
            action: "account.create" | "account.change" | "account.suspend" | "account.resume" | "account.close" | "account.restore" | "account.deleted" | "resource.create" | "resource.change" | "resource.delete" | "token.create" | "token.change" | "token.delete" | "people.set_up" | "session.create" | "session.refused" | "session.end" | "password.change" | "password.link" | "password.reset" | "user.invite" | "user.uninvite" | "user.join" | "user.change" | "user.remove" | "passkey.add" | "passkey.remove" | "portal.link" | "second_factor.add" | "second_factor.remove" | "plan.create" | "plan.change" | "plan.delete" | "keys.rotate" | "keys.finish";
            /** @description from which it was asked for */
            address: string | null;
            after: {
                [key: string]: unknown;
            } | null;
            /** Format: date-time */
            at: string;
            /** @description what differs; null once the account is deleted */
            before: {
                [key: string]: unknown;
            } | null;
            id: string;
            mode: ("live" | "test") | null;
            /** @description of `resource.*`: what kind of thing it is */
            resource: string | null;
            /** @description of `resource.*`: what was asked for */
            route: string | null;
            /** @description by which session */
            session_id: string | null;
            /** @description of `resource.*`: which one */
            target: string | null;
            /** @description the token that asked for it; null: no token did */
            token_id: string | null;
            /** @description who was signed in */
            user_id: string | null;
        };
        Build: {
            /** Format: date-time */
            created_at: string;
            /** @description what was asked for */
            dependencies: {
                [key: string]: string;
            };
            ended_at: string | null;
            /** @description why it failed, in npm's words where npm says so */
            error: {
                message: string;
                step: string;
            } | null;
            function_id: string;
            /** Format: uuid */
            id: string;
            /** @description the exact versions that it led to */
            resolved: {
                [key: string]: string;
            };
            /** @enum {string} */
            status: "building" | "ready" | "failed";
        };
        CalledRun: {
            /** @description what the function returned; null where it failed */
            result: unknown;
            run: components["schemas"]["Run"];
        };
        Caller: {
            account_id: string;
            /** @description where people sign in */
            console_url: string;
            /**
             * @description of token; `session`: a person is signed in
             * @enum {string}
             */
            kind: "secret" | "limited" | "trusted" | "session";
            /** @enum {string} */
            mode: "live" | "test";
            permissions: {
                [key: string]: {
                    [key: string]: boolean;
                };
            };
            /** @description null for people who are signed in */
            token: {
                expires_at: string | null;
                id: string;
                name: string | null;
            } | null;
            /** @description on whose behalf the token acts, or who is signed in */
            user: {
                email: string;
                id: string;
                name: string;
            } | null;
        };
        Canary: {
            /** @description of the runs; what is left goes to the active version */
            percent: number;
            /**
             * @description of calls over HTTP: the same value of this header always gets the same version
             * @default null
             */
            sticky_header: string | null;
            /** @description another version than the active one */
            version: number;
        };
        Code: {
            /** @description by path: its text, `{"text", "executable"}`, or `{"base64", "executable"}` where it is no text */
            files: {
                [key: string]: string | {
                    executable?: boolean;
                    text: string;
                } | {
                    base64: string;
                    executable?: boolean;
                };
            };
            version: number;
        };
        CodeDiff: {
            files: {
                /** @enum {string} */
                change: "added" | "removed" | "changed";
                /** @description unified diff */
                patch: string | null;
                path: string;
                /** @description why there is none */
                reason: ("binary" | "too_large") | null;
            }[];
            from: number;
            /** @description of handler, runtime, convention and dependencies those that differ */
            settings: {
                [key: string]: {
                    from: unknown;
                    to: unknown;
                };
            };
            to: number;
        };
        DeletionReport: {
            account_id: string;
            /**
             * Format: date-time
             * @description when its key was destroyed
             */
            begun_at: string;
            /** @description null: it goes on */
            ended_at: string | null;
            external_id: string | null;
            /** Format: date-time */
            requested_at: string;
            /** @description deleted so far, by table */
            rows: {
                [key: string]: number;
            };
        };
        Delivery: {
            /** @description since it was last queued */
            attempts: number;
            /** Format: date-time */
            created_at: string;
            event_id: string;
            event_type: string;
            /** @description of the message: the same with every attempt */
            id: string;
            last_attempt_at: string | null;
            /** Format: date-time */
            modified_at: string;
            next_attempt_at: string | null;
            /** @description why the last attempt failed */
            problem: string | null;
            /** @enum {string} */
            status: "queued" | "delivered" | "retry" | "failed";
            subscription_id: string;
        };
        DeployedFunction: {
            /** @description of its packages, which the code waits for; null: it needs none */
            build: components["schemas"]["Build"] | null;
            /** @description which version gets a part of the runs: /functions/{id}/canary */
            canary: {
                percent: number;
                sticky_header: string | null;
                version: number;
            } | null;
            concurrency: number;
            /**
             * @description `handler`: an exported handler; `body`: a function body; `respond`: a handler that gets sendResponse
             * @enum {string}
             */
            convention: "handler" | "body" | "respond";
            /** Format: date-time */
            created_at: string;
            /** @description packages beside its code, in their exact versions */
            dependencies: {
                [key: string]: string;
            };
            description: string | null;
            dialect: string;
            /** @description faults in a row after which it is disabled; 0: never */
            disable_after_faults: number;
            /** @description why the platform disabled it */
            disabled_reason: string | null;
            enabled: boolean;
            /** @description counted while `disable_after_faults` is set; a good end begins anew */
            faults_in_a_row: number;
            handler: string;
            id: string;
            /** @description queued runs at a time over all nodes */
            max_concurrent_runs: number | null;
            memory_mb: number;
            /** Format: date-time */
            modified_at: string;
            name: string;
            /** @description since when its queued runs wait and its calls are refused */
            paused_at: string | null;
            /** @description that was active before: where a rollback leads */
            previous_version: number | null;
            retry: {
                /** @enum {string} */
                preset: "none" | "lambda" | "webhook";
            } | {
                /** @description seconds until each retry; their number is the number of retries */
                delays_s: number[];
                /**
                 * @description ends that are tried again
                 * @default [
                 *       "failed",
                 *       "timed_out",
                 *       "out_of_memory",
                 *       "crashed"
                 *     ]
                 */
                faults: ("failed" | "timed_out" | "out_of_memory" | "crashed")[];
                /**
                 * @description share of each delay that is left to chance
                 * @default 0
                 */
                jitter: number;
            };
            /** @enum {string} */
            reuse: "warm" | "none";
            runtime: string;
            timeout_ms: number;
            /** @description number of the active version */
            version: number;
        };
        Egress: {
            deny: string[];
            /** @description private networks that the operator has opened to the account */
            operator_allow: string[];
            /** @description set by the operator, besides */
            operator_deny: string[];
            /** @description whether outgoing calls of runs are kept */
            record_calls: boolean;
        };
        EgressDay: {
            /** @description null: of all further destinations of the function on that day */
            address: string | null;
            bytes_received: number;
            bytes_sent: number;
            calls: number;
            /** Format: date */
            date: string;
            /** Format: date-time */
            first_at: string;
            function_id: string;
            host: string | null;
            /** Format: date-time */
            last_at: string;
            port: number | null;
            /** @enum {string} */
            protocol: "tcp" | "udp" | "icmp" | "other";
            /** @enum {string} */
            verdict: "allowed" | "refused";
        };
        EmailTemplate: {
            /** Format: date-time */
            created_at: string;
            id: string;
            /** Format: date-time */
            modified_at: string;
        } & {
            [key: string]: unknown;
        };
        Event: {
            campaign: string | null;
            /** @description the run that published it, where it said so */
            cause_run_id: string | null;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description when it happened, by its publisher
             */
            date: string;
            /** @description how many events have led to it */
            depth: number;
            /** @description why it was set aside */
            fault: string | null;
            id: string;
            item_id: string;
            item_type: string;
            /** @description when it was routed, or set aside; null: it is about to be */
            matched_at: string | null;
            /** @description most specific first, prefixes included */
            notations: string[];
            shop: string | null;
            /**
             * @description `set_aside`: nothing could be started; it can be routed again
             * @enum {string}
             */
            state: "waiting" | "routed" | "set_aside";
            /** @description how often something kept it from being routed */
            tries: number;
            /** @description its type, or its most specific notation */
            type: string;
        };
        EventType: {
            /** @description of the installation, not of this account */
            builtin: boolean;
            description: string | null;
            /** @enum {string} */
            form: "type" | "notation";
            item_type: string;
            name: string;
            /** @description only the platform publishes it */
            platform_only: boolean;
        };
        Flow: {
            /** Format: date-time */
            created_at: string;
            id: string;
            /** Format: date-time */
            modified_at: string;
        } & {
            [key: string]: unknown;
        };
        FlowRun: {
            /** Format: date-time */
            created_at: string;
            /** @description when it moves on; null: it waits for a run, or is over */
            due_at: string | null;
            ended_at: string | null;
            error: string | null;
            event_id: string;
            flow_id: string;
            flow_name: string;
            history: {
                /** Format: date-time */
                at: string;
                node_id: string;
                process_id: string;
                what: string;
            }[];
            id: string;
            item_details: unknown;
            item_id: string;
            item_type: string;
            /** @description where it stands */
            node_id: string | null;
            prior_process_id: string | null;
            /**
             * Format: uuid
             * @description its stay at that node
             */
            process_id: string;
            /** @description the function run that it asked for last */
            run_id: string | null;
            /** @enum {string} */
            status: "going" | "completed" | "failed" | "cancelled";
            steps: number;
        };
        Function: {
            /** @description which version gets a part of the runs: /functions/{id}/canary */
            canary: {
                percent: number;
                sticky_header: string | null;
                version: number;
            } | null;
            concurrency: number;
            /**
             * @description `handler`: an exported handler; `body`: a function body; `respond`: a handler that gets sendResponse
             * @enum {string}
             */
            convention: "handler" | "body" | "respond";
            /** Format: date-time */
            created_at: string;
            /** @description packages beside its code, in their exact versions */
            dependencies: {
                [key: string]: string;
            };
            description: string | null;
            dialect: string;
            /** @description faults in a row after which it is disabled; 0: never */
            disable_after_faults: number;
            /** @description why the platform disabled it */
            disabled_reason: string | null;
            enabled: boolean;
            /** @description counted while `disable_after_faults` is set; a good end begins anew */
            faults_in_a_row: number;
            handler: string;
            id: string;
            /** @description queued runs at a time over all nodes */
            max_concurrent_runs: number | null;
            memory_mb: number;
            /** Format: date-time */
            modified_at: string;
            name: string;
            /** @description since when its queued runs wait and its calls are refused */
            paused_at: string | null;
            /** @description that was active before: where a rollback leads */
            previous_version: number | null;
            retry: {
                /** @enum {string} */
                preset: "none" | "lambda" | "webhook";
            } | {
                /** @description seconds until each retry; their number is the number of retries */
                delays_s: number[];
                /**
                 * @description ends that are tried again
                 * @default [
                 *       "failed",
                 *       "timed_out",
                 *       "out_of_memory",
                 *       "crashed"
                 *     ]
                 */
                faults: ("failed" | "timed_out" | "out_of_memory" | "crashed")[];
                /**
                 * @description share of each delay that is left to chance
                 * @default 0
                 */
                jitter: number;
            };
            /** @enum {string} */
            reuse: "warm" | "none";
            runtime: string;
            timeout_ms: number;
            /** @description number of the active version */
            version: number;
        };
        FunctionValue: {
            /** Format: date-time */
            created_at: string;
            description: string | null;
            /** @description write-only, and hidden in logs */
            encrypted: boolean;
            id: string;
            name: string;
            /** Format: date-time */
            updated_at: string;
            /** @description null where it is encrypted */
            value: string | null;
        };
        ImportReport: {
            /** @description what the file says, as far as it can be read */
            file: {
                author: string;
                code: string;
                cron_expression: string;
                cron_timezone: string;
                dependencies: {
                    [key: string]: string;
                };
                description: string;
                events: string[];
                name: string;
                trigger: string;
                variables: {
                    description: string;
                    has_value: boolean;
                    name: string;
                    required: boolean;
                }[];
            } | null;
            /** @description null: nothing was made */
            function_id: string | null;
            /** @description members that nothing reads */
            ignored: string[];
            /** @description everything that prevents the import */
            problems: {
                column: number | null;
                field: string;
                line: number | null;
                rule: string;
            }[];
            /** @description what does not */
            warnings: {
                column: number | null;
                field: string;
                line: number | null;
                rule: string;
            }[];
        };
        Invitation: {
            /** Format: date-time */
            created_at: string;
            email: string;
            /** Format: date-time */
            expires_at: string;
            id: string;
            mailed: boolean;
            name: string;
            /** @enum {string} */
            role: "operator" | "owner" | "developer" | "viewer";
            /** @description of a viewer: whether inputs and results of runs, and events, are shown */
            sees_inputs: boolean;
        };
        KeyValue: {
            /** @description size of the value */
            bytes: number;
            /** Format: date-time */
            created_at: string;
            description: string | null;
            key: string;
            /** @enum {string} */
            key_type: "string" | "pointer";
            /** @description what a pointer names */
            pointer_type: string | null;
            /** Format: date-time */
            updated_at: string;
            value: string;
        };
        KeyValueEntry: {
            /** @description size of the value */
            bytes: number;
            /** Format: date-time */
            created_at: string;
            description: string | null;
            key: string;
            /** @enum {string} */
            key_type: "string" | "pointer";
            /** @description what a pointer names */
            pointer_type: string | null;
            /** Format: date-time */
            updated_at: string;
        };
        Loading: {
            /** @description what it runs on */
            engine: string | null;
            /** @description why it does not load */
            error: {
                message: string;
                stack: string;
                type: string;
            } | null;
            loads: boolean;
            /** @description what it printed before it failed */
            logs: components["schemas"]["LogLine"][];
        };
        LogLine: {
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            stream: "stdout" | "stderr" | "platform";
            text: string;
        };
        MasterKeyState: {
            begun_at: string | null;
            /**
             * @description which of them this node was started with
             * @enum {string}
             */
            node_key: "only" | "old" | "new";
            /** @description whether the new key opens every account's key */
            resealed: boolean;
            /** @description whether a new key takes the place of an old one */
            rotating: boolean;
        };
        OutgoingCall: {
            address: string;
            /**
             * Format: date-time
             * @description when it began
             */
            at: string;
            attempt: number;
            bytes_received: number | null;
            /** @description with the headers of packets; null: unknown, or refused */
            bytes_sent: number | null;
            /** @description null: it was open when the run ended, or refused */
            duration_ms: number | null;
            /** @description the name for which the sandbox's resolver gave this address last */
            host: string | null;
            /**
             * @description `init`: while the code was loaded; `after`: when the run had ended, by what it left behind
             * @enum {string}
             */
            phase: "init" | "run" | "after";
            port: number;
            /** @enum {string} */
            protocol: "tcp" | "udp" | "icmp" | "other";
            /** @description an earlier run in the same sandbox has made it; bytes are those since that run */
            reused: boolean;
            /** @description several runs went on in the sandbox: it may be of another one */
            shared: boolean;
            /** @description how often it was refused */
            times: number;
            /** @enum {string} */
            verdict: "allowed" | "refused";
        };
        Passkey: {
            /** Format: date-time */
            created_at: string;
            id: string;
            last_used_at: string | null;
            name: string;
        };
        PaymentDecision: {
            request_id: string;
            /** @description what each function responded, by node */
            responses: {
                [key: string]: unknown;
            };
            /** @description of the result node that was reached; null: none was */
            result: unknown;
            steps: {
                error: string | null;
                node_id: string;
                run_id: string | null;
                /** @enum {string} */
                used: "function" | "fallback" | "nothing";
            }[];
        };
        PaymentProfile: {
            /** Format: date-time */
            created_at: string;
            enabled: boolean;
            id: string;
            /** Format: date-time */
            modified_at: string;
            name: string;
        } & {
            [key: string]: unknown;
        };
        Plan: {
            /** @description how many are on it */
            accounts: number;
            /** @description those that it sets */
            bounds: {
                [key: string]: number;
            };
            /** Format: date-time */
            created_at: string;
            description: string | null;
            /** @description those that it sets; 0: none */
            limits: {
                [key: string]: number;
            };
            /** Format: date-time */
            modified_at: string;
            name: string;
        };
        Platform: {
            engines: {
                major: number;
                version: string;
            }[];
            /** @description what `npm run doctor` finds as well, looked at now */
            findings: {
                /** @description what to do about it */
                remedy: string | null;
                /** @enum {string} */
                state: "ok" | "warning" | "missing";
                subject: string;
                told: string;
            }[];
            idle: number;
            instances: number;
            /** @description memory that instances are promised; the budget bounds it */
            promised_mb: number;
            /** @description how functions are jailed */
            sandbox: string;
            waiting: number;
            warnings: string[];
        };
        PortalLink: {
            /**
             * Format: date-time
             * @description until when it must be opened
             */
            expires_at: string;
            /** @description opens the portal, once */
            url: string;
            user_id: string;
        };
        PortalSession: {
            account_id: string;
            address: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            features: {
                /** @enum {string} */
                feature: "code" | "runs" | "inputs" | "variables" | "settings";
                function_id: string | null;
            }[];
            id: string;
            /** @enum {string} */
            mode: "live" | "test";
            /** @enum {string} */
            role: "owner" | "developer" | "viewer";
            user: {
                external_id: string;
                id: string;
                name: string;
            };
        };
        Query: {
            /** Format: date-time */
            created_at: string;
            id: string;
            /** @description how each metric is called in the results */
            metric_names: string[];
            /** Format: date-time */
            modified_at: string;
            /** @description when it runs next */
            next_at: string | null;
        } & {
            [key: string]: unknown;
        };
        QueryExecution: {
            /** Format: date-time */
            at: string;
            attempts: number;
            /** @enum {string} */
            cause: "frequency" | "request";
            /** Format: date-time */
            created_at: string;
            ended_at: string | null;
            /** @description why it failed or is tried again; or why no function was run */
            error: string | null;
            /** Format: uuid */
            id: string;
            /** @description there were more groups than are kept */
            is_truncated: boolean;
            query_id: string;
            query_results: ({
                group_by_value: unknown;
            } & {
                [key: string]: unknown;
            })[] | null;
            range_from: string | null;
            range_to: string | null;
            /** @description the run that was given the results */
            run_id: string | null;
            /** @enum {string} */
            status: "queued" | "succeeded" | "failed";
        };
        ReplayBatch: {
            /** @description hand it back as `after`; null: there are no more */
            next: string | null;
            replayed: {
                /** Format: uuid */
                replay_id: string;
                /** Format: uuid */
                run_id: string;
            }[];
            skipped: {
                /** @enum {string} */
                reason: "input_not_kept" | "function_gone" | "function_disabled";
                /** Format: uuid */
                run_id: string;
            }[];
            /** @description why it ended before its limit; go on later */
            stopped: {
                code: string;
                message: string;
            } | null;
        };
        Run: {
            attempts: number;
            /** @description for people: method, path and address of a call */
            cause: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            created_at: string;
            /** @description of a dead run: whether it is on the dead-letter list */
            dead_letter: ("open" | "redriven" | "discarded") | null;
            /** @description when a queued run may begin */
            due_at: string | null;
            /** @description the handler's own time */
            duration_ms: number | null;
            ended_at: string | null;
            /** @description what really ran it */
            engine: string | null;
            error: {
                message: string;
                stack: string;
                type: string;
            } | null;
            event_id: string | null;
            function_id: string;
            /** @description it waits because its function or trigger is paused */
            held: boolean;
            /** @description attempts before the last one */
            history: {
                attempt: number;
                /** @description missing where the attempt was lost */
                duration_ms?: number | null;
                ended_at: string | null;
                error: {
                    message: string;
                    stack: string;
                    type: string;
                } | null;
                started_at: string | null;
                /** @enum {string} */
                status: "queued" | "running" | "succeeded" | "failed" | "timed_out" | "out_of_memory" | "crashed" | "cancelled" | "dead";
            }[];
            /** Format: uuid */
            id: string;
            /** @description time to start the instance and load the code, on its first run */
            init_ms: number | null;
            /** @description whether /runs/{id}/input can show its input */
            input_kept: boolean;
            memory_mb: number;
            /** @description highest use of the whole sandbox since it started */
            memory_peak_bytes: number | null;
            /** @description the run that it repeats */
            replay_of: string | null;
            /** @description the newest runs that repeat it; of one run only */
            replays?: string[];
            /** @description HTTP status that the caller got */
            response_status: number | null;
            /** @description whether /runs/{id}/result can show what it returned */
            result_kept: boolean;
            started_at: string | null;
            /** @enum {string} */
            status: "queued" | "running" | "succeeded" | "failed" | "timed_out" | "out_of_memory" | "crashed" | "cancelled" | "dead";
            /** @description whether it was a test run of code */
            test: boolean;
            /** @description of the trace that it is part of; where its cause is part of none, its own id */
            trace_id: string;
            /**
             * @description what kind of thing started it
             * @enum {string}
             */
            trigger: "http" | "account_event" | "webhook" | "function_url" | "schedule" | "subscription" | "flow" | "email_template" | "auto_query" | "payment_profile" | "ai_assistant" | "api_direct";
            trigger_id: string | null;
            version: number;
        };
        RunInput: {
            /** @description of every other trigger */
            data?: unknown;
            /** @description of an account event */
            event?: {
                [key: string]: unknown;
            };
            /** @description of a call over HTTP */
            request?: {
                [key: string]: unknown;
            };
            source: {
                id: string | null;
                name: string | null;
            } & {
                [key: string]: unknown;
            };
            /** @enum {string} */
            trigger: "http" | "account_event" | "webhook" | "function_url" | "schedule" | "subscription" | "flow" | "email_template" | "auto_query" | "payment_profile" | "ai_assistant" | "api_direct";
        } & {
            [key: string]: unknown;
        };
        Runtimes: {
            data: {
                /** @description what functions name, e.g. `python3.11` */
                code: string;
                /** @enum {string} */
                language: "node" | "python" | "java" | "dotnet" | "provided";
                /** @description why nothing runs it here, and what to do */
                problem: string | null;
                /** @description whether that is another version than the code names */
                substituted: boolean;
                /** @description of the engine that runs it here, as far as it is known */
                version: string | null;
            }[];
        };
        Session: {
            /** @description from which it was begun */
            address: string | null;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description at the latest; earlier where it is not used
             */
            expires_at: string;
            id: string;
            /**
             * Format: date-time
             * @description to the minute
             */
            last_used_at: string;
            user_agent: string | null;
            /**
             * @description how it was begun
             * @enum {string}
             */
            way: "password" | "passkey" | "openid";
        };
        ShortAccount: {
            /** Format: date-time */
            created_at: string;
            /** @description when everything of a closed account is deleted */
            delete_at: string | null;
            dialects: string[] | null;
            external_id: string | null;
            id: string;
            labels: {
                [key: string]: string;
            };
            /** Format: date-time */
            modified_at: string;
            name: string | null;
            /** @description the account id of clients that want a number */
            number: number;
            plan: string | null;
            /** @enum {string} */
            status: "active" | "suspended" | "closed";
            status_reason: string | null;
            /** Format: date-time */
            status_since: string;
        };
        ShownVariables: {
            variables: {
                [key: string]: {
                    secret: boolean;
                    /** @description null where it is secret */
                    value: string | null;
                };
            };
        };
        SmtpProfile: {
            /** Format: date-time */
            created_at: string;
            has_password: boolean;
            host: string;
            id: string;
            is_default: boolean;
            /** Format: date-time */
            modified_at: string;
            name: string;
            port: number;
            /** @enum {string} */
            security: "tls" | "starttls" | "none";
            /** @description who the mails are from */
            sender: string;
            username: string | null;
        };
        Subscription: {
            basic_auth: {
                username: string;
            } | null;
            /** Format: date-time */
            created_at: string;
            description: string | null;
            destination: string;
            enabled: boolean;
            event_type: string;
            /** @enum {string} */
            format: "json" | "xml" | "html";
            header: {
                name: string;
            } | null;
            id: string;
            /**
             * @description fixed when it is made
             * @enum {string}
             */
            method: "http" | "email";
            /** Format: date-time */
            modified_at: string;
            /**
             * @description `plain`, but for those that a dialect has made
             * @enum {string}
             */
            shape: "resource" | "plain";
        };
        TemplateMail: {
            attempts: number;
            /** Format: date-time */
            created_at: string;
            due_at: string | null;
            ended_at: string | null;
            /** @description why it failed or is tried again; of a sent one, what was amiss */
            error: string | null;
            event_id: string | null;
            /** Format: uuid */
            id: string;
            message_id: string | null;
            recipients: string[];
            run_id: string | null;
            /** @enum {string} */
            status: "queued" | "sent" | "failed";
            template_id: string;
        };
        Token: {
            account_id: string;
            /** Format: date-time */
            created_at: string;
            expires_at: string | null;
            id: string;
            last_used_at: string | null;
            masked: string;
            /** @enum {string} */
            mode: "live" | "test";
            name: string | null;
            permissions: {
                /** @default true */
                allow: boolean;
                methods: ("*" | "read" | "create" | "update" | "delete")[];
                /** @enum {string} */
                resource: "*" | "accounts" | "assistants" | "auths" | "email_templates" | "event_subscriptions" | "event_test_templates" | "events" | "flows" | "function_runs" | "function_values" | "hosted_function_executions" | "hosted_functions" | "key_values" | "operator" | "payment_profiles" | "queries" | "run_contents" | "settings" | "smtp_profiles" | "triggers" | "users";
            }[];
            /** @description the live token whose test twin it is */
            twin_of: string | null;
        };
        Trial: {
            /** @description what a caller over HTTP would get */
            answer: {
                /** @description whether the body is base64 of bytes */
                base64: boolean;
                body: string;
                headers: {
                    [key: string]: string | string[];
                };
                status: number;
            } | null;
            logs: components["schemas"]["LogLine"][];
            /** @description what it returned; null where it failed */
            result: unknown;
            run: components["schemas"]["Run"];
        };
        Trigger: {
            /** Format: date-time */
            created_at: string;
            /** @description how long after the cause a run is due */
            delay_ms: number;
            enabled: boolean;
            function_id: string;
            id: string;
            /** @enum {string} */
            kind: "account_event" | "webhook" | "function_url" | "schedule";
            /** Format: date-time */
            modified_at: string;
            name: string | null;
            /** @description of a schedule */
            next_tick_at: string | null;
            /** @description since when its runs are held */
            paused_at: string | null;
            /** @description of account_event, webhook, function_url, schedule: docs/triggers.md */
            settings: {
                /** @default [] */
                campaigns: string[];
                notations: string[];
                /** @default [] */
                shops: string[];
            } | {
                /** @default null */
                allowed_ips: string[] | null;
                verification: {
                    /** @default 300 */
                    replay_window_s: number;
                    /** @enum {string} */
                    scheme: "standard_webhooks" | "stripe" | "shopify" | "github" | "slack";
                } | null;
            } | {
                /** @default null */
                allowed_ips: string[] | null;
            } | {
                /**
                 * @default {
                 *       "policy": "once"
                 *     }
                 */
                catch_up: {
                    /** @constant */
                    policy: "skip";
                } | {
                    /** @constant */
                    policy: "once";
                } | {
                    limit: number;
                    /** @constant */
                    policy: "all";
                };
                cron: string;
                /**
                 * @default allow
                 * @enum {string}
                 */
                overlap: "allow" | "skip" | "queue_one";
                /** @default UTC */
                time_zone: string;
            };
            /** @description of a webhook or a function URL; null without the permission to update triggers */
            url: string | null;
        };
        User: {
            /** @description false: tokens act for the user alone */
            can_sign_in: boolean;
            /** Format: date-time */
            created_at: string;
            email: string;
            id: string;
            last_signed_in_at: string | null;
            name: string;
            /** @enum {string} */
            role: "operator" | "owner" | "developer" | "viewer";
            /** @description of a viewer: whether inputs and results of runs, and events, are shown */
            sees_inputs: boolean;
        };
        Version: {
            active: boolean;
            bytes: number;
            /** @description SHA-256 of the zip */
            content_hash: string;
            /**
             * @description `handler`: an exported handler; `body`: a function body; `respond`: a handler that gets sendResponse
             * @enum {string}
             */
            convention: "handler" | "body" | "respond";
            /** Format: date-time */
            created_at: string;
            /** @description packages beside its code, in their exact versions */
            dependencies: {
                [key: string]: string;
            };
            filename: string;
            handler: string;
            /** @description id of the token that made it, where that is known */
            made_by: string | null;
            /** @description what its owner says about it */
            note: string | null;
            number: number;
            runtime: string;
        };
    };
    responses: {
        /** @description The request breaks a rule: `field` names where */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: {
                        /** @enum {unknown} */
                        code: "invalid_input" | "invalid_json";
                        /** @description figures that belong to the message, where there are some */
                        facts?: Record<string, never>;
                        /** @description the field at fault, where there is one */
                        field?: string;
                        message: string;
                        /** @description joins the answer to its line in the server's log */
                        reference: string;
                    };
                };
            };
        };
        /** @description There is one already, or as many as there may be */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: {
                        /** @enum {unknown} */
                        code: "conflict";
                        /** @description figures that belong to the message, where there are some */
                        facts?: Record<string, never>;
                        /** @description the field at fault, where there is one */
                        field?: string;
                        message: string;
                        /** @description joins the answer to its line in the server's log */
                        reference: string;
                    };
                };
            };
        };
        /** @description It failed here, or a function is paused */
        Failed: {
            headers: {
                /** @description seconds, where they are known */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: {
                        /** @enum {unknown} */
                        code: "function_paused" | "internal" | "unavailable";
                        /** @description figures that belong to the message, where there are some */
                        facts?: Record<string, never>;
                        /** @description the field at fault, where there is one */
                        field?: string;
                        message: string;
                        /** @description joins the answer to its line in the server's log */
                        reference: string;
                    };
                };
            };
        };
        /** @description It is not permitted, or the account is not served */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: {
                        /** @enum {unknown} */
                        code: "insufficient_permissions" | "account_suspended" | "ip_not_allowed" | "function_disabled";
                        /** @description figures that belong to the message, where there are some */
                        facts?: Record<string, never>;
                        /** @description the field at fault, where there is one */
                        field?: string;
                        message: string;
                        /** @description joins the answer to its line in the server's log */
                        reference: string;
                    };
                };
            };
        };
        /** @description What is asked for does not fit what is there */
        InvalidState: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: {
                        /** @enum {unknown} */
                        code: "invalid_state";
                        /** @description figures that belong to the message, where there are some */
                        facts?: Record<string, never>;
                        /** @description the field at fault, where there is one */
                        field?: string;
                        message: string;
                        /** @description joins the answer to its line in the server's log */
                        reference: string;
                    };
                };
            };
        };
        /** @description There is no such thing in this account and mode */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: {
                        /** @enum {unknown} */
                        code: "not_found";
                        /** @description figures that belong to the message, where there are some */
                        facts?: Record<string, never>;
                        /** @description the field at fault, where there is one */
                        field?: string;
                        message: string;
                        /** @description joins the answer to its line in the server's log */
                        reference: string;
                    };
                };
            };
        };
        /** @description Something else is there than `If-Match` says */
        PreconditionFailed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: {
                        /** @enum {unknown} */
                        code: "precondition_failed";
                        /** @description figures that belong to the message, where there are some */
                        facts?: Record<string, never>;
                        /** @description the field at fault, where there is one */
                        field?: string;
                        message: string;
                        /** @description joins the answer to its line in the server's log */
                        reference: string;
                    };
                };
            };
        };
        /** @description The body is larger than it may be */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: {
                        /** @enum {unknown} */
                        code: "payload_too_large";
                        /** @description figures that belong to the message, where there are some */
                        facts?: Record<string, never>;
                        /** @description the field at fault, where there is one */
                        field?: string;
                        message: string;
                        /** @description joins the answer to its line in the server's log */
                        reference: string;
                    };
                };
            };
        };
        /** @description More than the caller, or the account, may: try again later */
        TooMany: {
            headers: {
                /** @description seconds, where they are known */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: {
                        /** @enum {unknown} */
                        code: "too_many_requests" | "too_many_runs";
                        /** @description figures that belong to the message, where there are some */
                        facts?: Record<string, never>;
                        /** @description the field at fault, where there is one */
                        field?: string;
                        message: string;
                        /** @description joins the answer to its line in the server's log */
                        reference: string;
                    };
                };
            };
        };
        /** @description No token, or session, that counts */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: {
                        /** @enum {unknown} */
                        code: "unauthorized";
                        /** @description figures that belong to the message, where there are some */
                        facts?: Record<string, never>;
                        /** @description the field at fault, where there is one */
                        field?: string;
                        message: string;
                        /** @description joins the answer to its line in the server's log */
                        reference: string;
                    };
                };
            };
        };
        /** @description The body is of a type that is not taken here */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    error: {
                        /** @enum {unknown} */
                        code: "unsupported_media_type";
                        /** @description figures that belong to the message, where there are some */
                        facts?: Record<string, never>;
                        /** @description the field at fault, where there is one */
                        field?: string;
                        message: string;
                        /** @description joins the answer to its line in the server's log */
                        reference: string;
                    };
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
